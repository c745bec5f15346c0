//! What a rule, a zone and a mode may be written as, and which part of it is at fault.

use domain::recurrence::{
    MAX_RULE_LENGTH, RecurrenceMode, RecurrenceRule, RuleLimit, RuleProblem as P, TimeZoneName,
    Until,
};
use jiff::civil::date;

/// A text, the part that is at fault in it, and what is wrong.
const ERRORS: &[(&str, &str, P)] = &[
    ("", "RRULE", P::Empty),
    ("  ", "RRULE", P::Empty),
    ("fortnightly", "RRULE", P::NotARule),
    ("RRULE:", "RRULE", P::NotARule),
    ("RRULE:daily", "RRULE", P::NotARule),
    ("INTERVAL=2", "FREQ", P::Missing),
    ("FREQ=", "FREQ", P::Empty),
    ("FREQ=DAILY;", "RRULE", P::Empty),
    ("FREQ=DAILY;;COUNT=1", "RRULE", P::Empty),
    ("FREQ=DAILY;COUNT", "COUNT", P::UnknownPart),
    ("FREQ=DAILY;RSCALE=CHINESE", "RSCALE", P::UnknownPart),
    ("FREQ=DAILY;FREQ=DAILY", "FREQ", P::DuplicatePart),
    ("FREQ=DAILY;COUNT=1;COUNT=2", "COUNT", P::DuplicatePart),
    ("FREQ=DAILY;INTERVAL=0", "INTERVAL", one_to(9_999)),
    ("FREQ=DAILY;INTERVAL=10000", "INTERVAL", one_to(9_999)),
    ("FREQ=DAILY;INTERVAL=-1", "INTERVAL", P::NotANumber),
    ("FREQ=DAILY;INTERVAL=+1", "INTERVAL", P::NotANumber),
    ("FREQ=DAILY;INTERVAL=1.5", "INTERVAL", P::NotANumber),
    ("FREQ=DAILY;COUNT=0", "COUNT", one_to(99_999)),
    ("FREQ=DAILY;COUNT=100000", "COUNT", one_to(99_999)),
    (
        "FREQ=DAILY;COUNT=99999999999999999999",
        "COUNT",
        one_to(99_999),
    ),
    (
        "FREQ=DAILY;COUNT=1;UNTIL=20260101",
        "UNTIL",
        not_with("COUNT"),
    ),
    ("FREQ=DAILY;UNTIL=20260230", "UNTIL", P::NotADate),
    ("FREQ=DAILY;UNTIL=2026-01-01", "UNTIL", P::NotADate),
    ("FREQ=DAILY;UNTIL=20260101Z", "UNTIL", P::NotADate),
    ("FREQ=DAILY;UNTIL=20260101T240000Z", "UNTIL", P::NotADate),
    ("FREQ=DAILY;UNTIL=20260101T0900", "UNTIL", P::NotADate),
    ("FREQ=DAILY;UNTIL=2026010T090000", "UNTIL", P::NotADate),
    ("FREQ=DAILY;WKST=XX", "WKST", P::NotAWeekday),
    ("FREQ=WEEKLY;BYDAY=MO,,TU", "BYDAY", P::Empty),
    ("FREQ=WEEKLY;BYDAY=MONDAY", "BYDAY", P::NotAWeekday),
    ("FREQ=WEEKLY;BYDAY=\u{c9}", "BYDAY", P::NotAWeekday),
    ("FREQ=WEEKLY;BYDAY=M", "BYDAY", P::NotAWeekday),
    ("FREQ=WEEKLY;BYDAY=MO,MO", "BYDAY", P::DuplicateValue),
    ("FREQ=MONTHLY;BYDAY=1MO,+1MO", "BYDAY", P::DuplicateValue),
    ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY", P::OrdinalNotAllowed),
    ("FREQ=DAILY;BYDAY=MO,-1TU", "BYDAY", P::OrdinalNotAllowed),
    ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY", not_zero(53)),
    ("FREQ=YEARLY;BYDAY=54MO", "BYDAY", not_zero(53)),
    ("FREQ=MONTHLY;BYDAY=-MO", "BYDAY", P::NotANumber),
    ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY", not_zero(31)),
    ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY", not_zero(31)),
    ("FREQ=MONTHLY;BYMONTHDAY=1,0", "BYMONTHDAY", not_zero(31)),
    ("FREQ=MONTHLY;BYMONTHDAY=last", "BYMONTHDAY", P::NotANumber),
    (
        "FREQ=WEEKLY;BYMONTHDAY=1",
        "BYMONTHDAY",
        not_with("FREQ=WEEKLY"),
    ),
    ("FREQ=YEARLY;BYMONTH=13", "BYMONTH", one_to(12)),
    ("FREQ=YEARLY;BYMONTH=0", "BYMONTH", one_to(12)),
    ("FREQ=YEARLY;BYMONTH=-1", "BYMONTH", P::NotANumber),
    (
        "FREQ=YEARLY;BYMONTH=1;BYSETPOS=367",
        "BYSETPOS",
        not_zero(366),
    ),
    (
        "FREQ=YEARLY;BYMONTH=1;BYSETPOS=0",
        "BYSETPOS",
        not_zero(366),
    ),
    ("FREQ=YEARLY;BYSETPOS=1", "BYSETPOS", P::NeedsAnotherPart),
];

const fn one_to(most: i64) -> P {
    P::OutOfRange { least: 1, most }
}

const fn not_with(other: &'static str) -> P {
    P::Conflict { other }
}

const fn not_zero(most: i64) -> P {
    P::OutOfRange { least: -most, most }
}

#[test]
fn a_rule_has_one_canonical_text() {
    let cases = [
        ("daily", "daily"),
        (" Weekly ", "weekly"),
        ("MONTHLY", "monthly"),
        ("yEARLY", "yearly"),
        ("FREQ=DAILY", "FREQ=DAILY"),
        ("rrule:freq=daily;interval=1;wkst=mo", "FREQ=DAILY"),
        (
            "INTERVAL=02;FREQ=WEEKLY;WKST=SU",
            "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        ),
        ("FREQ=WEEKLY;BYDAY=SU,MO,FR", "FREQ=WEEKLY;BYDAY=MO,FR,SU"),
        (
            "FREQ=MONTHLY;BYDAY=-1FR,+2TU,MO",
            "FREQ=MONTHLY;BYDAY=MO,2TU,-1FR",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-1,15,1,-2",
            "FREQ=MONTHLY;BYMONTHDAY=1,15,-1,-2",
        ),
        (
            "COUNT=3;BYSETPOS=-1,1;BYDAY=MO;BYMONTH=12,1;FREQ=YEARLY",
            "FREQ=YEARLY;BYMONTH=1,12;BYDAY=MO;BYSETPOS=1,-1;COUNT=3",
        ),
        ("FREQ=DAILY;UNTIL=20261231", "FREQ=DAILY;UNTIL=20261231"),
        (
            "FREQ=DAILY;UNTIL=20261231t235959",
            "FREQ=DAILY;UNTIL=20261231T235959",
        ),
        (
            "FREQ=DAILY;UNTIL=20261231T235959z",
            "FREQ=DAILY;UNTIL=20261231T235959Z",
        ),
    ];
    for (text, canonical) in cases {
        let rule: RecurrenceRule = text.parse().unwrap();
        assert_eq!(rule.to_string(), canonical);
        let json = serde_json::to_string(&rule).unwrap();
        assert_eq!(json, format!("\"{canonical}\""));
        assert_eq!(serde_json::from_str::<RecurrenceRule>(&json).unwrap(), rule);
    }
}

#[test]
fn an_error_names_the_part() {
    for (text, part, problem) in ERRORS {
        let error = text.parse::<RecurrenceRule>().unwrap_err();
        assert_eq!((error.part(), error.problem()), (*part, problem), "{text}");
        assert!(error.to_string().starts_with(part), "{error}");
    }
}

#[test]
fn an_error_has_the_value() {
    let values = [
        ("fortnightly", "fortnightly"),
        ("FREQ=MONTHLY;BYMONTHDAY=1,last", "1,LAST"),
        ("FREQ=DAILY;BYDAY=MO,-1TU", "-1TU"),
        ("INTERVAL=2", ""),
    ];
    for (text, value) in values {
        assert_eq!(text.parse::<RecurrenceRule>().unwrap_err().value(), value);
    }
}

#[test]
fn what_is_not_expanded_is_refused() {
    let unsupported = [
        ("FREQ=HOURLY", "FREQ"),
        ("FREQ=MINUTELY", "FREQ"),
        ("FREQ=SECONDLY", "FREQ"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=9", "BYMINUTE"),
        ("FREQ=DAILY;BYSECOND=9", "BYSECOND"),
        ("FREQ=YEARLY;BYYEARDAY=100", "BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO"),
    ];
    for (text, part) in unsupported {
        let error = text.parse::<RecurrenceRule>().unwrap_err();
        assert_eq!(error.part(), part);
        assert!(matches!(error.problem(), P::Unsupported { .. }), "{error}");
    }
}

#[test]
fn a_rule_has_a_greatest_length() {
    let most = format!("FREQ=DAILY;COUNT={:0>1$}", 1, MAX_RULE_LENGTH - 17);
    assert_eq!(most.len(), MAX_RULE_LENGTH);
    assert_eq!(
        most.parse::<RecurrenceRule>().unwrap().limit(),
        Some(RuleLimit::Count(1))
    );
    let error = format!("{most}0").parse::<RecurrenceRule>().unwrap_err();
    assert_eq!(
        error.problem(),
        &P::TooLong {
            limit: MAX_RULE_LENGTH
        }
    );
    assert_eq!(error.value(), "");
}

#[test]
fn messages_say_what_to_write() {
    let messages = [
        (
            "hourly",
            "RRULE must be daily, weekly, monthly, yearly or parts such as FREQ=WEEKLY;BYDAY=MO",
        ),
        (
            "FREQ=HOURLY",
            "FREQ is not supported: use DAILY, WEEKLY, MONTHLY or YEARLY",
        ),
        (
            "FREQ=DAILY;BYHOUR=9",
            "BYHOUR is not supported: use BYDAY, BYMONTHDAY, BYMONTH and BYSETPOS",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=0",
            "BYMONTHDAY must be between -31 and 31 and not zero",
        ),
        ("FREQ=DAILY;COUNT=0", "COUNT must be between 1 and 99999"),
        (
            "FREQ=WEEKLY;BYDAY=1MO",
            "BYDAY may number its weekdays only with FREQ=MONTHLY or FREQ=YEARLY",
        ),
        (
            "FREQ=DAILY;COUNT=1;UNTIL=20260101",
            "UNTIL must not stand beside COUNT",
        ),
        (
            "FREQ=YEARLY;BYSETPOS=1",
            "BYSETPOS needs a BYDAY, BYMONTHDAY or BYMONTH to choose from",
        ),
    ];
    for (text, message) in messages {
        let error = text.parse::<RecurrenceRule>().unwrap_err();
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn until_is_an_instant_a_wall_time_or_a_day() {
    let until = |text: &str| {
        format!("FREQ=DAILY;UNTIL={text}")
            .parse::<RecurrenceRule>()
            .unwrap()
            .limit()
    };
    let local = date(2026, 12, 31).at(23, 59, 59, 0);
    let instant = TimeZoneName::utc().instant(local).unwrap();
    assert_eq!(
        until("20261231"),
        Some(RuleLimit::Until(Until::Date(date(2026, 12, 31))))
    );
    assert_eq!(
        until("20261231T235959"),
        Some(RuleLimit::Until(Until::Local(local)))
    );
    assert_eq!(
        until("20261231T235959Z"),
        Some(RuleLimit::Until(Until::Instant(instant)))
    );
}

#[test]
fn zones_are_those_of_the_bundled_database() {
    let known = [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("AMERICA/NEW_YORK", "America/New_York"),
        ("utc", "UTC"),
        ("Etc/GMT+5", "Etc/GMT+5"),
        ("US/Eastern", "US/Eastern"),
    ];
    for (text, name) in known {
        let zone: TimeZoneName = text.parse().unwrap();
        assert_eq!(zone.as_str(), name);
        assert_eq!(serde_json::to_string(&zone).unwrap(), format!("\"{name}\""));
        assert_eq!(
            serde_json::from_str::<TimeZoneName>(&format!("\"{text}\"")).unwrap(),
            zone
        );
    }
    for text in [
        "",
        " ",
        "Europe/Berlin ",
        "Mars/Olympus",
        "+02:00",
        "CET-1CEST",
        "Etc/Unknown",
        "../etc",
    ] {
        assert!(text.parse::<TimeZoneName>().is_err(), "{text}");
    }
}

#[test]
fn modes_have_names() {
    assert_eq!(RecurrenceMode::default(), RecurrenceMode::SkipMissed);
    for mode in [
        RecurrenceMode::SkipMissed,
        RecurrenceMode::EveryOccurrence,
        RecurrenceMode::FromCompletion,
    ] {
        assert_eq!(mode.as_str().parse(), Ok(mode));
        assert_eq!(serde_json::to_string(&mode).unwrap(), format!("\"{mode}\""));
    }
    assert!("SkipMissed".parse::<RecurrenceMode>().is_err());
}
