//! Tasks that come back.

use proto::v1::{Task, TaskStatus};
use testkit::{Database, Plan, instant, on_both_databases, task};

on_both_databases!(nine_o_clock_stays_nine_o_clock_over_the_clock_change);

/// Berlin turns its clocks on 2026-03-29 at 01:00Z.
async fn nine_o_clock_stays_nine_o_clock_over_the_clock_change(database: Database) {
    let system = Plan::new(database).at("2026-03-28T08:30:00Z").start().await;
    let alice = system.user("alice");
    let first = Task {
        due: instant("2026-03-28T09:00:00+01:00", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let first = alice.create(first).await;
    alice.complete(&first.id).await;

    let second = alice.successor(&first.id).await;
    assert_eq!(
        second.due,
        instant("2026-03-29T09:00:00+02:00", "Europe/Berlin")
    );
    assert_eq!(second.status(), TaskStatus::Pending);
    assert_eq!(second.predecessor_task_id, first.id);
    assert_eq!(
        alice.history(&first.id, 2).await,
        ["task.created", "task.completed"]
    );
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    system.finish().await;
}
