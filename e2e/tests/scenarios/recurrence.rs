//! Tasks that come back: whoever completes one, the next is made by whichever replica has its
//! partition.

use e2e::{System, User};
use proto::v1::{RecurrenceMode, Task, TaskStatus, UpdateAction};
use testkit::{eventually, instant, task};

#[tokio::test]
async fn a_completed_task_has_one_successor_on_every_replica_and_screen() {
    let system = System::found();
    let user = system.user("recurrence-successor").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    let first = user.create(0, daily("2026-03-02T09:00:00Z")).await.unwrap();
    user.complete(1, &first.id).await.unwrap();
    let second = user.successor(0, &first.id).await;
    assert_eq!(second.predecessor_task_id, first.id);
    assert_eq!(second.status(), TaskStatus::Pending);
    assert_eq!(user.get(1, &second.id).await.unwrap(), second);
    for screen in &mut screens {
        let mut seen = Vec::new();
        for _ in 0..3 {
            let (action, task) = screen.task().await;
            seen.push((action, task.id, task.version));
        }
        // Two services tell of them, each in its order, on one partition.
        assert!(seen.contains(&(UpdateAction::Created, second.id.clone(), 1)));
        assert!(seen.contains(&(UpdateAction::Created, first.id.clone(), 1)));
    }
    assert_eq!(user.history(&second.id, 1).await, ["task.created"]);
    assert_eq!(
        user.history(&first.id, 2).await,
        ["task.created", "task.completed"]
    );
    assert_eq!(user.all_tasks().await.unwrap().len(), 2);
}

#[tokio::test]
async fn reopening_takes_a_successor_back_that_nobody_has_touched() {
    let system = System::found();
    let user = system.user("recurrence-reopen").await;
    let first = user.create(0, daily("2026-03-02T09:00:00Z")).await.unwrap();
    user.complete(0, &first.id).await.unwrap();
    let taken_back = user.successor(0, &first.id).await;
    let reopened = user.reopen(1, &first.id).await.unwrap();
    assert_eq!(reopened.status(), TaskStatus::Pending);
    assert!(reopened.successor_task_id.is_empty());
    assert_eq!(live(&user).await, [first.id.as_str()]);

    user.complete(1, &first.id).await.unwrap();
    let kept = user.successor(0, &first.id).await;
    assert_ne!(kept.id, taken_back.id);
    let edited = Task {
        description: "Five minutes".into(),
        ..kept.clone()
    };
    user.update(0, edited, &["description"]).await.unwrap();
    user.reopen(0, &first.id).await.unwrap();
    assert_eq!(live(&user).await.len(), 2, "a touched one stays");
    assert_eq!(
        user.history(&taken_back.id, 2).await,
        ["task.created", "task.deleted"]
    );
    let sequences = user.logs(9).await.into_iter().map(|log| log.sequence);
    assert!(sequences.eq(1..=9));
}

/// Berlin turned its clocks on 29 March and on 25 October 2026. Whoever makes up for each day gets
/// the same days whenever this runs.
#[tokio::test]
async fn nine_o_clock_stays_nine_o_clock_over_both_clock_changes() {
    let system = System::found();
    let user = system.user("recurrence-clocks").await;
    for (due, next) in [
        ("2026-03-28T09:00:00+01:00", "2026-03-29T09:00:00+02:00"),
        ("2026-10-24T09:00:00+02:00", "2026-10-25T09:00:00+01:00"),
    ] {
        let first = user.create(0, daily(due)).await.unwrap();
        user.complete(0, &first.id).await.unwrap();
        let second = user.successor(1, &first.id).await;
        assert_eq!(second.due, instant(next, "Europe/Berlin"));
    }
}

/// Completions of one user, in one partition, and of several, dealt to both replicas.
#[tokio::test]
async fn a_chain_of_completions_by_either_replica_leaves_no_gap() {
    const USERS: usize = 6;
    const STEPS: usize = 5;
    let system = System::found();
    let mut users = Vec::new();
    for number in 0..USERS {
        let user = system.user(&format!("recurrence-chain-{number}")).await;
        let first = user.create(0, daily("2026-03-02T09:00:00Z")).await.unwrap();
        users.push((user, first));
    }
    for step in 0..STEPS {
        for (user, last) in &mut users {
            user.complete(step % 2, &last.id).await.unwrap();
        }
        for (user, last) in &mut users {
            *last = user.successor((step + 1) % 2, &last.id).await;
        }
    }
    for (user, last) in &users {
        assert_eq!(usize::try_from(last.occurrence_index).unwrap(), STEPS);
        let events = 1 + 2 * STEPS;
        let sequences: Vec<_> = user
            .logs(events)
            .await
            .iter()
            .map(|log| log.sequence)
            .collect();
        let expected: Vec<_> = (1..).take(events).collect();
        assert_eq!(sequences, expected);
        assert_eq!(user.all_tasks().await.unwrap().len(), STEPS + 1);
    }
}

/// The ids of the user's tasks that are not in the trash.
async fn live(user: &User) -> Vec<String> {
    let tasks = eventually("the tasks", async || user.all_tasks().await.ok()).await;
    let live = tasks.into_iter().filter(|task| task.deleted_at.is_none());
    live.map(|task| task.id).collect()
}

fn daily(due: &str) -> Task {
    Task {
        due: instant(due, "Europe/Berlin"),
        recurring_rule: "daily".into(),
        recurrence_mode: RecurrenceMode::EveryOccurrence.into(),
        ..task("Stretch")
    }
}
