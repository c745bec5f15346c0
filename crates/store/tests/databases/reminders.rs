use std::collections::HashSet;

use domain::{ReminderState, Status, Task, Topic};
use store::ClaimedReminders;
use tokio::task::JoinSet;

use crate::harness::TestDatabase;
use crate::samples::{entry, later, now, reminding_task, task, user};

async fn insert(database: &TestDatabase, tasks: &[&Task]) {
    let tx = database.store.begin().await.unwrap();
    for task in tasks {
        tx.task_insert(task).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn claim(database: &TestDatabase, seconds: i64, limit: u32) -> ClaimedReminders {
    let tx = database.store.begin().await.unwrap();
    let claimed = tx.reminder_claim_due(later(seconds), limit).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

on_every_database! {
    async fn a_reminder_goes_off_once_when_its_moment_has_come(database: &TestDatabase) {
        let alice = user("alice");
        let stored = reminding_task(&alice, "call", &[later(10), later(20), later(20)]);
        let other = reminding_task(&user("bob"), "other", &[later(10)]);
        insert(database, &[&stored, &other, &task(&alice, "quiet")]).await;
        assert!(claim(database, 9, 100).await.is_empty());

        let claimed = claim(database, 10, 100).await;
        assert_eq!((claimed.len(), claimed.missed), (2, 0));
        let first = &claimed.due[0];
        assert_eq!(first.reminder, stored.reminders[0].clone().sent());
        let mut expected = stored.clone();
        expected.reminders[0].state = ReminderState::Sent;
        assert_eq!(first.task, expected, "the task as it is after, its version unchanged");
        assert_eq!(claimed.due[1].task.id, other.id);
        assert!(claim(database, 10, 100).await.is_empty());
        let read = database.store.read().await.unwrap();
        assert_eq!(read.task_get(&alice, stored.id).await.unwrap(), Some(expected));
        drop(read);

        let claimed = claim(database, 30, 100).await;
        assert_eq!(claimed.due.len(), 2, "two of one task in one tick");
        let all_sent = |task: &Task| {
            task.reminders.iter().all(|reminder| reminder.state == ReminderState::Sent)
        };
        assert!(claimed.due.iter().all(|due| all_sent(&due.task)));
    }

    async fn a_claim_that_is_not_committed_is_none(database: &TestDatabase) {
        insert(database, &[&reminding_task(&user("alice"), "call", &[now()])]).await;
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.reminder_claim_due(now(), 100).await.unwrap().due.len(), 1);
        tx.rollback().await.unwrap();
        assert_eq!(claim(database, 0, 100).await.due.len(), 1);
    }

    async fn reminders_of_completed_and_deleted_tasks_pass_in_silence(database: &TestDatabase) {
        let alice = user("alice");
        let completed = Task {
            status: Status::Completed { at: now() },
            ..reminding_task(&alice, "completed", &[later(1)])
        };
        let deleted = Task {
            deleted_at: Some(now()),
            ..reminding_task(&alice, "deleted", &[later(1)])
        };
        let active = reminding_task(&alice, "active", &[later(1)]);
        insert(database, &[&completed, &deleted, &active]).await;
        let claimed = claim(database, 1, 100).await;
        assert_eq!((claimed.due.len(), claimed.missed, claimed.len()), (1, 2, 3));
        assert_eq!(claimed.due[0].task.id, active.id);
        let read = database.store.read().await.unwrap();
        for task in [completed, deleted] {
            let task = read.task_get(&alice, task.id).await.unwrap().unwrap();
            assert_eq!(task.reminders[0].state, ReminderState::Missed);
        }
    }

    async fn a_tick_is_bounded_and_takes_the_oldest_first(database: &TestDatabase) {
        let alice = user("alice");
        let stored = reminding_task(&alice, "call", &[later(3), later(1), later(2)]);
        insert(database, &[&stored]).await;
        let mut moments = Vec::new();
        for _ in 0..3 {
            let claimed = claim(database, 100, 1).await;
            moments.extend(claimed.due.iter().map(|due| due.reminder.fire_at));
        }
        assert_eq!(moments, [later(1), later(2), later(3)]);
    }

    async fn two_ticks_at_once_share_the_reminders(database: &TestDatabase) {
        let tasks: Vec<Task> = (0..40)
            .map(|number| reminding_task(&user(&format!("user {number}")), "call", &[now()]))
            .collect();
        insert(database, &tasks.iter().collect::<Vec<_>>()).await;
        let mut ticks = JoinSet::new();
        for _ in 0..4 {
            let store = database.store.clone();
            ticks.spawn(async move {
                let mut claimed = Vec::new();
                loop {
                    let tx = store.begin().await.unwrap();
                    let batch = tx.reminder_claim_due(now(), 7).await.unwrap();
                    let events: Vec<_> = batch
                        .due
                        .iter()
                        .map(|due| entry(&due.task.user_id, Topic::ReminderDue))
                        .collect();
                    tx.outbox_append(&events).await.unwrap();
                    tx.commit().await.unwrap();
                    claimed.extend(batch.due.iter().map(|due| due.reminder.id));
                    if batch.is_empty() {
                        return claimed;
                    }
                }
            });
        }
        let claimed = ticks.join_all().await.concat();
        assert_eq!(claimed.len(), 40, "none twice");
        assert_eq!(claimed.iter().collect::<HashSet<_>>().len(), 40, "every one");
    }

    async fn a_held_reminder_keeps_its_task_from_changing(database: &TestDatabase) {
        let alice = user("alice");
        let before = reminding_task(&alice, "call", &[now()]);
        insert(database, &[&before]).await;
        let tick = database.store.begin().await.unwrap();
        assert_eq!(tick.reminder_claim_due(now(), 10).await.unwrap().due.len(), 1);
        let completing = async {
            let tx = database.store.begin().await.unwrap();
            let task = tx.task_get_for_update(&alice, before.id).await.unwrap().unwrap();
            task.reminders[0].state
        };
        let (state, committed) = tokio::join!(completing, tick.commit());
        committed.unwrap();
        assert_eq!(state, ReminderState::Sent, "who comes later sees what was sent");
    }

    async fn a_snoozed_reminder_goes_off_again(database: &TestDatabase) {
        let alice = user("alice");
        let stored = reminding_task(&alice, "call", &[now()]);
        insert(database, &[&stored]).await;
        let sent = claim(database, 0, 10).await.due.remove(0);
        let snoozed = sent.reminder.snooze(later(60));
        let tx = database.store.begin().await.unwrap();
        assert!(tx.reminder_snooze(&alice, stored.id, &snoozed).await.unwrap());
        assert!(!tx.reminder_snooze(&user("bob"), stored.id, &snoozed).await.unwrap());
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let task = read.task_get(&alice, stored.id).await.unwrap().unwrap();
        assert_eq!((task.reminders[0].clone(), task.version), (snoozed, 1));
        drop(read);
        assert!(claim(database, 59, 10).await.is_empty());
        assert_eq!(claim(database, 60, 10).await.due.len(), 1);
    }

    async fn reminders_of_a_deleted_account_hold_up_nobody(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let of_alice = reminding_task(&alice, "call", &[now()]);
        let of_bob = reminding_task(&bob, "call", &[later(1)]);
        insert(database, &[&of_alice, &of_bob]).await;
        let tx = database.store.begin().await.unwrap();
        tx.account_tombstone(&alice, now()).await.unwrap();
        tx.commit().await.unwrap();
        let claimed = claim(database, 1, 1).await;
        assert_eq!(claimed.due.len(), 1);
        assert_eq!(claimed.due[0].task.id, of_bob.id);
    }

    async fn a_task_that_cannot_be_read_holds_up_nobody(database: &TestDatabase) {
        let alice = user("alice");
        let broken = reminding_task(&alice, "broken", &[now()]);
        let sound = reminding_task(&alice, "sound", &[later(1)]);
        insert(database, &[&broken, &sound]).await;
        database.raw("UPDATE tasks SET category = 'sport' WHERE title = 'broken'").await;
        let claimed = claim(database, 1, 10).await;
        assert_eq!(claimed.due.iter().map(|due| due.task.id).collect::<Vec<_>>(), [sound.id]);
        assert_eq!(claimed.missed, 0);
        database.raw("UPDATE tasks SET category = 'work' WHERE title = 'broken'").await;
        assert_eq!(claim(database, 1, 10).await.due.len(), 1, "mended, it goes off");
    }
}
