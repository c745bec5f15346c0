//! Two replicas of every service at once.

use std::{collections::BTreeSet, time::Duration};

use domain::AppId;
use jiff::SignedDuration;
use proto::v1::{CompleteTaskRequest, CreateTaskRequest, Reminder, Task, reminder::When};
use testkit::{Database, Disturbance, Plan, System, User, instant, on_every_database, task};

on_every_database!(
    two_replicas_do_everything_once,
    a_replica_that_is_killed_leaves_its_work_to_the_other,
);

const USERS: usize = 6;

async fn two_replicas_do_everything_once(database: Database) {
    let system = Plan::new(database).replicas(2).start().await;
    let users: Vec<User> = (0..USERS)
        .map(|number| system.user(&format!("user-{number}")))
        .collect();
    for user in &users {
        let mut screens = [user.watch(0, "").await, user.watch(1, "").await];
        let first = story(&system, user).await;
        for screen in &mut screens {
            let mut seen = BTreeSet::new();
            while seen.len() < 4 {
                let (_, task) = screen.task().await;
                seen.insert((task.id, task.version));
            }
        }
        let second = user.successor(&first.id).await;
        assert_eq!(user.history(&second.id, 1).await, ["task.created"]);
    }
    system.turn(SignedDuration::from_secs(60));
    for user in &users {
        assert_eq!(user.notified(1).await.len(), 1);
        let trail = trail(user, 5).await;
        assert_eq!(trail, [1, 2, 3, 4, 5]);
        assert_eq!(user.list().await.len(), 3);
    }
    system.finish().await;
}

async fn a_replica_that_is_killed_leaves_its_work_to_the_other(database: Database) {
    let mut system = Plan::new(database).replicas(2).start().await;
    let alice = system.user("alice");
    for app in [
        AppId::RecurringService,
        AppId::AuditService,
        AppId::NotificationService,
    ] {
        system.kill_replica(app, 1).await;
    }
    let first = story(&system, &alice).await;
    // The leases of the killed relays run out by the clock.
    system.turn(SignedDuration::from_secs(60));
    let second = alice.successor(&first.id).await;
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    assert_eq!(alice.notified(1).await.len(), 1);
    assert_eq!(trail(&alice, 5).await, [1, 2, 3, 4, 5]);
    system.finish().await;
}

/// A daily task is created by one replica and completed by the other; a second task has a reminder.
async fn story(system: &System, user: &User) -> Task {
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let first = user.create(daily).await;
    let request = CompleteTaskRequest {
        id: first.id.clone(),
        ..CompleteTaskRequest::default()
    };
    let completed = user.tasks_on(1).complete_task(request).await;
    completed.expect("the other replica completes it");
    let remind_at = system.now() + SignedDuration::from_secs(30);
    let reminder = Reminder {
        when: Some(When::Time(remind_at.into())),
        ..Reminder::default()
    };
    let reminding = Task {
        reminders: vec![reminder],
        ..task("Call the dentist")
    };
    let request = CreateTaskRequest {
        task: Some(reminding),
        ..CreateTaskRequest::default()
    };
    let created = user.tasks_on(1).create_task(request).await;
    created.expect("the other replica creates one");
    first
}

/// The sequences of the audit trail, once there are so many.
async fn trail(user: &User, length: usize) -> Vec<i64> {
    let what = format!("{length} audited events of {}", user.id());
    let mut sequences = testkit::eventually(&what, async || {
        let trail = user.audit_trail("").await;
        (length <= trail.len())
            .then(|| trail.iter().map(|entry| entry.sequence).collect::<Vec<_>>())
    })
    .await;
    sequences.sort_unstable();
    sequences
}

/// A sidecar that hangs keeps its connections and answers nothing: the other replica publishes.
#[tokio::test]
async fn a_replica_whose_sidecar_hangs_leaves_its_events_to_the_other() {
    let plan = Plan::new(Database::Sqlite).replicas(2).with(|settings| {
        settings.kit.outbox.lease = Duration::from_secs(1);
        settings.kit.outbox.publish_timeout = Duration::from_millis(500);
        settings.kit.sidecar.call_timeout = Duration::from_millis(500);
    });
    let system = plan.start().await;
    let hangs = system.disturb(usize::MAX, Disturbance::HoldBefore, |call| {
        call.app == AppId::BackendApi && call.replica == 0
    });
    // Some of them are in shards of each replica.
    let mut created = Vec::new();
    for number in 0..2 * USERS {
        let user = system.user(&format!("user-{number}"));
        created.push((user.create(task("Buy milk")).await, user));
    }
    for (task, user) in &created {
        assert_eq!(user.history(&task.id, 1).await, ["task.created"]);
    }
    hangs.release();
    system.finish().await;
}
