//! Which events go into which publishing call.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Topic, UserId};
use store::OutboxRow;

/// The bounds of one publishing call.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// The most events.
    pub(super) rows: usize,
    /// The most bytes of data.
    pub(super) bytes: usize,
}

/// What has to keep its order: the events of one user on one topic.
pub(super) type Line = (Topic, UserId);

/// One publishing call: events of one topic, at most one of each user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub(super) topic: Topic,
    pub(super) rows: Vec<OutboxRow>,
}

/// Calls one after another: those of a wave may be under way at the same time, since no two of them touch the same
/// line; the next wave has the lines' next events.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) waves: Vec<Vec<Call>>,
}

impl Plan {
    /// Plans the publication of `rows`, which are in the order of their positions. Lines that are `held_back` are left
    /// out as a whole.
    pub(super) fn of(rows: Vec<OutboxRow>, held_back: &HashSet<Line>, bounds: Bounds) -> Self {
        let mut depth: HashMap<Line, usize> = HashMap::new();
        let mut waves: Vec<BTreeMap<Topic, Vec<OutboxRow>>> = Vec::new();
        for row in rows {
            let line = line_of(&row);
            if held_back.contains(&line) {
                continue;
            }
            let depth = depth.entry(line).or_default();
            if waves.len() == *depth {
                waves.push(BTreeMap::new());
            }
            waves[*depth].entry(row.entry.topic).or_default().push(row);
            *depth += 1;
        }
        let waves = waves.into_iter().map(|wave| {
            wave.into_iter().flat_map(|(topic, rows)| calls(topic, rows, bounds)).collect()
        });
        Self { waves: waves.collect() }
    }
}

/// The line that a row belongs to.
pub(super) fn line_of(row: &OutboxRow) -> Line {
    (row.entry.topic, row.entry.user_id.clone())
}

/// Cuts a wave's events of one topic into calls.
fn calls(topic: Topic, rows: Vec<OutboxRow>, bounds: Bounds) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let size = row.entry.data.len();
        match calls.last_mut() {
            Some(call) if call.rows.len() < bounds.rows && bytes + size <= bounds.bytes => {
                bytes += size;
                call.rows.push(row);
            }
            _ => {
                bytes = size;
                calls.push(Call { topic, rows: vec![row] });
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::test_row::row;
    use super::*;

    const BOUNDS: Bounds = Bounds { rows: 3, bytes: 100 };

    fn topic() -> impl Strategy<Value = Topic> {
        prop::sample::select(vec![Topic::TaskCreated, Topic::TaskUpdated, Topic::TaskUpdates])
    }

    proptest! {
        #[test]
        fn every_event_is_planned_once_and_in_the_order_of_its_line(
            events in prop::collection::vec((topic(), 0_u8..4, 0_usize..150), 0..60),
            held in prop::collection::vec((topic(), 0_u8..4), 0..3),
        ) {
            let user = |number: u8| format!("user-{number}");
            let rows: Vec<OutboxRow> = events
                .iter()
                .zip(1..)
                .map(|((topic, number, size), position)| row(position, *topic, &user(*number), *size))
                .collect();
            let held_back: HashSet<Line> =
                held.iter().map(|(topic, number)| (*topic, UserId::parse(&user(*number)).unwrap())).collect();
            let plan = Plan::of(rows.clone(), &held_back, BOUNDS);

            let mut seen: HashMap<Line, Vec<i64>> = HashMap::new();
            for wave in &plan.waves {
                let mut lines = HashSet::new();
                for call in wave {
                    prop_assert!(!call.rows.is_empty() && call.rows.len() <= BOUNDS.rows);
                    let bytes: usize = call.rows.iter().map(|row| row.entry.data.len()).sum();
                    prop_assert!(bytes <= BOUNDS.bytes || call.rows.len() == 1);
                    for row in &call.rows {
                        prop_assert_eq!(row.entry.topic, call.topic);
                        prop_assert!(lines.insert(line_of(row)), "a line twice in a wave");
                        seen.entry(line_of(row)).or_default().push(row.position);
                    }
                }
            }
            let mut expected: HashMap<Line, Vec<i64>> = HashMap::new();
            for row in rows.iter().filter(|row| !held_back.contains(&line_of(row))) {
                expected.entry(line_of(row)).or_default().push(row.position);
            }
            prop_assert_eq!(seen, expected);
        }
    }
}
