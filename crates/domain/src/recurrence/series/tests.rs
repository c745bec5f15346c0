use jiff::ToSpan;
use proptest::prelude::*;

use super::*;

/// How much a completion looks at, and how many occurrences it jumps over.
fn cost_of_jump(rule: &str, days: i32) -> (u64, u64) {
    let date = Date::constant(2020, 1, 31);
    let anchor = Anchor::AllDay { date };
    let series = Series {
        rule: rule.parse().unwrap(),
        anchor,
        end: None,
    };
    let current = CurrentOccurrence {
        index: 0,
        due: OccurrenceDue::On(date),
    };
    let mut walk = series.walk_after(&current);
    walk.skip_to_after(OccurrenceDue::On(date + days.days()));
    let Next::Occurrence(next) = walk.advance() else {
        panic!("{rule} ends")
    };
    (walk.dates.examined(), u64::from(next.index))
}

proptest! {
    #[test]
    fn a_jump_of_a_word_costs_the_same_however_far(days in 0..1_000_000_i32) {
        for word in ["daily", "weekly", "monthly", "yearly"] {
            let (examined, _) = cost_of_jump(word, days);
            prop_assert!(examined <= 12, "{word} looked at {examined}");
        }
    }

    #[test]
    fn a_jump_of_a_rule_costs_what_it_jumps_over(days in 0..4_000_i32) {
        for rule in ["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=MONTHLY;BYMONTHDAY=-1"] {
            let (examined, jumped) = cost_of_jump(rule, days);
            prop_assert!(examined <= 2 * jumped + 12, "{rule} looked at {examined}");
        }
    }
}
