//! Two hundred reminders fall due at one instant, and one of the two replicas that could see to them
//! is killed within a second of it.

use std::collections::BTreeSet;

use domain::AppId;
use e2e::Process;
use jiff::{SignedDuration, Timestamp};
use proto::v1::{Reminder, Task, reminder::When};
use service_kit::{Clock as _, SystemClock};
use testkit::{eventually, task};
use tokio::task::JoinSet;

use crate::{
    Turn, kill,
    screens::{Screens, Tally},
};

const USERS: usize = 10;
const EACH: usize = 20;

/// What each screen shows before any of them rings.
const TASKS: usize = EACH;

/// Far more than it takes to create them, also where other tests have just killed half of the engine.
const HEAD_START: SignedDuration = SignedDuration::from_secs(30);

/// How long after the instant the process is killed at the latest: in the midst of the work if it
/// can be, and within a second in any case.
const LATEST: SignedDuration = SignedDuration::from_millis(900);

#[tokio::test]
async fn a_replica_is_killed_as_200_fall_due() {
    killed(Process::Service(AppId::NotificationService, 0)).await;
}

#[tokio::test]
async fn a_sidecar_is_killed_as_200_fall_due() {
    killed(Process::Sidecar(AppId::NotificationService, 0)).await;
}

#[expect(
    clippy::print_stdout,
    reason = "when they came is of interest, and no test's business"
)]
async fn killed(victim: Process) {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let pid = system.pid(victim).await;
    let mut users = Vec::new();
    for number in 0..USERS {
        users.push(system.user(&format!("due-{victim}-{number}")).await);
    }
    let screens = Screens::open(&users, system.replicas()).await;
    let due = SystemClock.now() + HEAD_START;
    let mut creations = JoinSet::new();
    for user in users.clone() {
        creations.spawn(async move {
            for number in 0..EACH {
                let created = user.create(number % 2, reminding(number, due)).await;
                created.unwrap();
            }
        });
    }
    creations.join_all().await;
    assert!(SystemClock.now() < due, "they were not all there in time");
    let now = eventually(
        "the first of them on a screen, or almost a second",
        async || {
            let now = SystemClock.now();
            let is_time = due + LATEST <= now || TASKS < screens.most_shown();
            is_time.then_some(now)
        },
    )
    .await;
    kill(pid);

    let mut stored = BTreeSet::new();
    for user in &users {
        user.notified(EACH).await;
    }
    system.at_rest().await;
    for user in &users {
        let notifications = user.all_notifications().await.unwrap();
        let reminders: BTreeSet<_> = notifications.iter().map(|one| &one.reminder_id).collect();
        assert_eq!((notifications.len(), reminders.len()), (EACH, EACH));
        stored.extend(notifications.iter().map(|one| {
            let at: Timestamp = one.created_at.unwrap().try_into().unwrap();
            at.duration_since(due)
        }));
        let logs = user.all_logs().await.unwrap();
        let rung = logs.iter().filter(|log| log.event_type == "reminder.due");
        assert_eq!((logs.len(), rung.count()), (2 * EACH, EACH));
    }
    let Tally { breaks, repeats } = screens.assert_each_has_shown(2 * EACH).await;
    println!(
        "{victim} killed {:#} after {} reminders fell due; their notifications were stored from {:#} \
         to {:#} after it; {breaks} streams broke off, {repeats} updates came once more",
        now.duration_since(due),
        USERS * EACH,
        stored.first().unwrap(),
        stored.last().unwrap(),
    );
    turn.end().await;
}

fn reminding(number: usize, due: Timestamp) -> Task {
    let reminder = Reminder {
        when: Some(When::Time(due.into())),
        ..Reminder::default()
    };
    Task {
        reminders: vec![reminder],
        ..task(&format!("Task {number}"))
    }
}
