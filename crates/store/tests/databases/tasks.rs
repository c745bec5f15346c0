use domain::recurrence::{Anchor, RecurrenceMode};
use domain::{
    Change, ChangeKind, Due, Recurrence, Reminder, ReminderTime, Status, Task, TaskId, Title,
};
use jiff::SignedDuration;
use store::{StoreError, UniqueKey};

use crate::samples::{full_task, id, later, now, reminder, task, user};

on_every_database! {
    async fn a_task_comes_back_as_it_was_stored(database: &TestDatabase) {
        let alice = user("alice");
        let all_day = Task {
            due: Some(Due::AllDay {
                date: "2026-12-24".parse().unwrap(),
                zone: "America/Santiago".parse().unwrap(),
            }),
            recurrence: Some(Recurrence {
                rule: "yearly".parse().unwrap(),
                mode: RecurrenceMode::FromCompletion,
                end_date: None,
                anchor: Anchor::AllDay { date: "2024-12-24".parse().unwrap() },
                index: 2,
                scheduled: "2026-12-24T00:00:00".parse().unwrap(),
            }),
            ..task(&alice, "Weihnachten")
        };
        let tasks = [full_task(&alice), all_day, task(&alice, "x")];
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.commit().await.unwrap();
        for task in &tasks {
            let read = database.store.read().await.unwrap();
            assert_eq!(read.task_get(&alice, task.id).await.unwrap().as_ref(), Some(task));
            let tx = database.store.begin().await.unwrap();
            let locked = tx.task_get_for_update(&alice, task.id).await.unwrap();
            assert_eq!(locked.as_ref(), Some(task));
        }
    }

    async fn another_users_task_is_not_there(database: &TestDatabase) {
        let stored = task(&user("alice"), "secret");
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&stored).await.unwrap();
        tx.commit().await.unwrap();
        let tx = database.store.begin().await.unwrap();
        for stranger in ["bob", "Alice", "alice ", "alic"] {
            let stranger = user(stranger);
            assert_eq!(tx.task_get(&stranger, stored.id).await.unwrap(), None);
            assert_eq!(tx.task_get_for_update(&stranger, stored.id).await.unwrap(), None);
        }
    }

    async fn what_is_not_committed_never_happened(database: &TestDatabase) {
        let alice = user("alice");
        let (dropped, rolled_back) = (task(&alice, "dropped"), task(&alice, "rolled back"));
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&dropped).await.unwrap();
        drop(tx);
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&rolled_back).await.unwrap();
        tx.rollback().await.unwrap();
        let read = database.store.read().await.unwrap();
        for task in [dropped, rolled_back] {
            assert_eq!(read.task_get(&alice, task.id).await.unwrap(), None);
        }
    }

    async fn an_update_writes_everything_and_only_the_reminders_that_differ(database: &TestDatabase) {
        let alice = user("alice");
        let keep = reminder(ReminderTime::At(later(60)), &later(60).to_string());
        let drop = reminder(ReminderTime::At(later(70)), &later(70).to_string());
        let before = Task { reminders: vec![drop, keep.clone()], ..task(&alice, "before") };
        let added = reminder(
            ReminderTime::BeforeDue(SignedDuration::from_mins(5)),
            "2026-11-23T07:55:00Z",
        );
        let moved = Reminder { fire_at: later(90), ..keep };
        let after = Task {
            id: before.id,
            reminders: vec![moved, added],
            version: 2,
            created_at: before.created_at,
            ..full_task(&alice)
        };
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&before).await.unwrap();
        tx.commit().await.unwrap();

        let tx = database.store.begin().await.unwrap();
        let change = Change {
            before: Some(before.clone()),
            after: after.clone(),
            kind: ChangeKind::Updated,
        };
        tx.task_record(&change).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        assert_eq!(read.task_get(&alice, before.id).await.unwrap(), Some(after));
    }

    async fn a_new_title_is_found_and_the_old_one_no_more(database: &TestDatabase) {
        let alice = user("alice");
        let before = task(&alice, "umbrella");
        let after = Task {
            title: Title::parse("Regenschirm").unwrap(),
            version: 2,
            ..before.clone()
        };
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&before).await.unwrap();
        tx.task_update(&before, &after).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        for (words, found) in [("UMBRELLA", 0), ("schirm", 1)] {
            let filter = domain::TaskFilter {
                search: domain::SearchText::parse(words).unwrap(),
                ..domain::TaskFilter::default()
            };
            assert_eq!(read.task_count(&alice, &filter).await.unwrap(), found, "{words}");
        }
    }

    async fn a_stale_update_is_a_conflict_and_changes_nothing(database: &TestDatabase) {
        let alice = user("alice");
        let first = task(&alice, "first");
        let second = Task { version: 2, updated_at: later(1), ..first.clone() };
        let stale = Task {
            version: 2,
            title: Title::parse("stale").unwrap(),
            ..first.clone()
        };
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&first).await.unwrap();
        tx.task_update(&first, &second).await.unwrap();
        tx.commit().await.unwrap();
        let tx = database.store.begin().await.unwrap();
        let error = tx.task_update(&first, &stale).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(UniqueKey::Task)), "{error:?}");
        assert!(!error.is_transient());
        assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
        let read = database.store.read().await.unwrap();
        assert_eq!(read.task_get(&alice, first.id).await.unwrap(), Some(second));
    }

    async fn a_task_has_one_successor(database: &TestDatabase) {
        let alice = user("alice");
        let predecessor = Task {
            status: Status::Completed { at: now() },
            ..task(&alice, "predecessor")
        };
        let successor = |title| Task {
            predecessor_task_id: Some(predecessor.id),
            ..task(&alice, title)
        };
        let (first, second) = (successor("first"), successor("second"));
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&predecessor).await.unwrap();
        tx.task_insert(&first).await.unwrap();
        let linked = Task { successor_task_id: Some(first.id), ..predecessor.clone() };
        tx.task_successor_link(&linked).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        assert_eq!(read.task_get(&alice, predecessor.id).await.unwrap(), Some(linked));
        drop(read);

        let tx = database.store.begin().await.unwrap();
        let error = tx.task_insert(&second).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(UniqueKey::TaskPredecessor)), "{error:?}");
        drop(tx);

        // Taken back, the first one gives up the key.
        let taken_back = Task {
            predecessor_task_id: None,
            deleted_at: Some(later(1)),
            version: 2,
            ..first.clone()
        };
        let tx = database.store.begin().await.unwrap();
        tx.task_update(&first, &taken_back).await.unwrap();
        tx.task_insert(&second).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn the_same_id_twice_is_a_conflict(database: &TestDatabase) {
        let task = task(&user("alice"), "once");
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&task).await.unwrap();
        let error = tx.task_insert(&task).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(UniqueKey::Task)), "{error:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    }

    async fn a_locked_task_is_read_as_it_was_committed_last(database: &TestDatabase) {
        let alice = user("alice");
        let first = full_task(&alice);
        let mut reminders = first.reminders.clone();
        reminders.reverse();
        let second = Task { version: 8, reminders, ..first.clone() };
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&first).await.unwrap();
        tx.commit().await.unwrap();

        let holder = database.store.begin().await.unwrap();
        let held = holder.task_get_for_update(&alice, first.id).await.unwrap().unwrap();
        let waiting = async {
            let tx = database.store.begin().await.unwrap();
            tx.task_get_for_update(&alice, first.id).await.unwrap()
        };
        let changing = async {
            holder.task_update(&held, &second).await.unwrap();
            holder.commit().await.unwrap();
        };
        let (seen, ()) = tokio::join!(waiting, changing);
        assert_eq!(seen, Some(second));
    }

    async fn texts_of_the_greatest_length_are_stored(database: &TestDatabase) {
        // U+FDFA folds to 18 characters, and a user id may have 255 characters of 4 bytes: what
        // PostgreSQL can keep in one index entry is less than that.
        let owner = user(&"😀".repeat(255));
        let titles: Vec<String> = (0..3)
            .map(|number| {
                let spread: String =
                    (0..85_u32).filter_map(|step| char::from_u32(0x4e00 + step * 97 + number)).collect();
                format!("{}{spread}", "\u{fdfa}".repeat(170))
            })
            .collect();
        let tx = database.store.begin().await.unwrap();
        for title in &titles {
            let stored = Task {
                description: domain::Description::parse(&"漢😀".repeat(5_000)).unwrap(),
                ..task(&owner, title)
            };
            tx.task_insert(&stored).await.unwrap();
            assert_eq!(tx.task_get(&owner, stored.id).await.unwrap(), Some(stored));
        }
        tx.commit().await.unwrap();
    }

    async fn the_trash_is_purged_in_batches(database: &TestDatabase) {
        let alice = user("alice");
        let deleted = |seconds| Task {
            deleted_at: Some(later(seconds)),
            ..crate::samples::reminding_task(&alice, "gone", &[later(1_000)])
        };
        let old: Vec<Task> = (0..5).map(deleted).collect();
        let young = deleted(100);
        let kept = task(&alice, "kept");
        let tx = database.store.begin().await.unwrap();
        for task in old.iter().chain([&young, &kept]) {
            tx.task_insert(task).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut counts = Vec::new();
        for _ in 0..3 {
            let tx = database.store.begin().await.unwrap();
            counts.push(tx.task_purge(later(50), 3).await.unwrap());
            tx.commit().await.unwrap();
        }
        assert_eq!(counts, [3, 2, 0]);
        let read = database.store.read().await.unwrap();
        for task in &old {
            assert_eq!(read.task_get(&alice, task.id).await.unwrap(), None);
        }
        for task in [young, kept] {
            assert_eq!(read.task_get(&alice, task.id).await.unwrap(), Some(task));
        }
        let none = TaskId(id());
        assert_eq!(read.task_get(&alice, none).await.unwrap(), None);
        drop(read);
        assert_eq!(database.texts("SELECT CAST(count(*) AS text) FROM reminders").await, ["1"]);
    }
}
