//! What must hold of the whole system once nothing is under way, whoever has done what on it.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::system::System;

/// How long it may take until nothing is under way: a killed sidecar's partitions are given to others
/// after some seconds, a relay's shards after ten.
const PATIENCE: Duration = Duration::from_secs(90);

/// The time between looks.
const INTERVAL: Duration = Duration::from_millis(100);

/// What must not be found, and how it is looked for. Of a deleted account nothing is expected.
const NOTHING: [(&str, &str); 6] = [
    (
        "events that wait in an outbox, or are parked there",
        "SELECT source, topic, event_id, last_failure FROM outbox",
    ),
    (
        "dead letters",
        "SELECT consumer, topic, event_id, reason FROM dead_letters",
    ),
    (
        "users whose audit trail has a gap",
        "SELECT user_id, event_sequence, count(event_id), max(sequence)
         FROM accounts LEFT JOIN audit_logs USING (user_id)
         WHERE deleted_at IS NULL
         GROUP BY user_id, event_sequence
         HAVING event_sequence <> count(event_id) OR event_sequence <> max(sequence)",
    ),
    (
        "completed tasks that come back and have no successor",
        "SELECT user_id, id FROM tasks
         WHERE completed_at IS NOT NULL AND recurring_rule <> '' AND successor_task_id IS NULL",
    ),
    (
        "tasks with more than one successor",
        "SELECT user_id, predecessor_task_id, count(*) FROM tasks
         WHERE predecessor_task_id IS NOT NULL AND deleted_at IS NULL
         GROUP BY user_id, predecessor_task_id HAVING count(*) > 1",
    ),
    (
        "reminders that have rung and not made one notification",
        "SELECT r.user_id, r.id, count(n.id)
         FROM reminders r LEFT JOIN notifications n
           ON n.user_id = r.user_id AND n.reminder_id = r.id AND n.remind_at = r.fire_at
         WHERE r.state = 'sent'
         GROUP BY r.user_id, r.id HAVING count(n.id) <> 1",
    ),
];

impl System {
    /// Returns once nothing is under way, and everything that has happened has had its effect once.
    /// Panics with what is left after a long time.
    pub async fn at_rest(&self) {
        let given_up = Instant::now() + PATIENCE;
        for (what, query) in NOTHING {
            loop {
                let found = self.sql(query).await;
                if found.is_empty() {
                    break;
                }
                assert!(Instant::now() < given_up, "{what}:\n{found}");
                sleep(INTERVAL).await;
            }
        }
    }
}
