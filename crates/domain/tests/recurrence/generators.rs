//! Rules, anchors and completions at random, the odd ones more often than chance would have them.

use domain::recurrence::{Anchor, RecurrenceRule, Series, Until};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use proptest::collection::btree_set;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Zones with gaps of 30 minutes to a day, at night, at midnight and over it.
const ZONES: [&str; 9] = [
    "Africa/Casablanca",
    "America/New_York",
    "America/Nuuk",
    "America/Sao_Paulo",
    "Antarctica/Troll",
    "Asia/Gaza",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
];

const WEEKDAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

fn numbers(most: i16) -> impl Strategy<Value = String> {
    let number = (1..=most, any::<bool>());
    btree_set(number, 1..5).prop_map(|numbers| {
        let texts = numbers.iter().map(|(number, back)| {
            let sign = if *back { "-" } else { "" };
            format!("{sign}{number}")
        });
        texts.collect::<Vec<_>>().join(",")
    })
}

fn weekdays(ordinals: bool) -> impl Strategy<Value = String> {
    let ordinal = if ordinals {
        option::of((1..=5_i16, any::<bool>())).boxed()
    } else {
        Just(None).boxed()
    };
    btree_set((ordinal, 0..7_usize), 1..5).prop_map(|entries| {
        let texts = entries.iter().map(|(ordinal, weekday)| {
            let ordinal = ordinal.map(|(nth, back)| if back { -nth } else { nth });
            format!(
                "{}{}",
                ordinal.map(|nth| nth.to_string()).unwrap_or_default(),
                WEEKDAYS[*weekday]
            )
        });
        texts.collect::<Vec<_>>().join(",")
    })
}

fn calendar_rule_text() -> impl Strategy<Value = String> {
    let frequency = select(vec!["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]);
    frequency.prop_flat_map(|frequency| {
        let coarse = frequency == "MONTHLY" || frequency == "YEARLY";
        let month_days = if frequency == "WEEKLY" {
            Just(None).boxed()
        } else {
            option::weighted(0.3, numbers(31)).boxed()
        };
        let limit = prop_oneof![
            4 => Just(None),
            1 => (1..60_u32).prop_map(|count| Some(format!(";COUNT={count}"))),
            1 => (1990..2100_i16, 1..=12_i8).prop_map(|(y, m)| Some(format!(";UNTIL={y}{m:02}15"))),
        ];
        let parts = (
            option::weighted(0.5, prop_oneof![3 => 1..30_u16, 1 => 30..400_u16]),
            option::weighted(0.3, btree_set(1..=12_i8, 1..4)),
            month_days,
            option::weighted(0.5, weekdays(coarse)),
            option::weighted(0.2, numbers(8)),
            option::weighted(0.3, select(WEEKDAYS.to_vec())),
            limit,
        );
        parts.prop_map(
            move |(interval, months, month_days, days, positions, start, limit)| {
                let mut text = format!("FREQ={frequency}");
                let mut add = |name: &str, value: Option<String>| {
                    if let Some(value) = value {
                        text.extend([";", name, "=", &value]);
                    }
                };
                let months = months.map(|months| {
                    months
                        .iter()
                        .map(ToString::to_string)
                        .collect::<Vec<_>>()
                        .join(",")
                });
                let makes_a_set = months.is_some() || month_days.is_some() || days.is_some();
                add("INTERVAL", interval.map(|interval| interval.to_string()));
                add("BYMONTH", months);
                add("BYMONTHDAY", month_days);
                add("BYDAY", days);
                add("BYSETPOS", positions.filter(|_| makes_a_set));
                add("WKST", start.map(String::from));
                text.push_str(&limit.unwrap_or_default());
                text
            },
        )
    })
}

pub(crate) fn rule() -> impl Strategy<Value = RecurrenceRule> {
    let word = select(vec!["daily", "Weekly", "MONTHLY", "yearly"]).prop_map(String::from);
    prop_oneof![1 => word, 2 => calendar_rule_text()].prop_map(|text| text.parse().unwrap())
}

fn date() -> impl Strategy<Value = Date> {
    let anywhere = (0..60_000_i32).prop_map(|days| Date::constant(1970, 1, 1) + days.days());
    let month_end = (1995..2110_i16, 1..=12_i8)
        .prop_map(|(year, month)| Date::new(year, month, 1).unwrap().last_of_month());
    let apia = (0..9_i32).prop_map(|days| Date::constant(2011, 12, 24) + days.days());
    prop_oneof![5 => anywhere, 2 => month_end, 1 => apia]
}

fn anchor() -> impl Strategy<Value = Anchor> {
    let time = (0..24_i8, select(vec![0_i8, 1, 15, 30, 59]))
        .prop_map(|(hour, minute)| Time::new(hour, minute, 0, 0).unwrap());
    let timed =
        (date(), time, select(ZONES.to_vec())).prop_map(|(date, time, zone)| Anchor::Timed {
            at: date.to_datetime(time),
            zone: zone.parse().unwrap(),
        });
    prop_oneof![4 => timed, 1 => date().prop_map(|date| Anchor::AllDay { date })]
}

pub(crate) fn series() -> impl Strategy<Value = Series> {
    let end = option::weighted(0.2, date().prop_map(Until::Date));
    (rule(), anchor(), end).prop_map(|(rule, anchor, end)| Series { rule, anchor, end })
}

pub(crate) fn completion() -> impl Strategy<Value = (i64, &'static str)> {
    let late = prop_oneof![-200..2_000_i64, -50..50_i64, 0..200_000_i64];
    (
        late,
        select(vec![
            "Pacific/Kiritimati",
            "Europe/Berlin",
            "Pacific/Pago_Pago",
        ]),
    )
}
