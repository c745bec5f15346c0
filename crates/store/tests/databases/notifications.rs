use domain::{Due, EventId, Notification, NotificationId, PagePosition, ReminderId, SortKey, Task};
use store::{MarkedRead, StoreError, UniqueKey};

use crate::harness::TestDatabase;
use crate::samples::{full_task, id, later, now, task, user};

fn notification(task: &Task, seconds: i64) -> Notification {
    let event = EventId(id());
    Notification::of_reminder(
        event,
        ReminderId(id()),
        later(seconds - 1),
        task,
        later(seconds),
    )
}

fn position(notification: &Notification) -> PagePosition {
    PagePosition {
        key: SortKey::CreatedAt(notification.created_at),
        id: notification.id.0,
    }
}

/// Stores them and gives them as they are stored.
async fn insert(database: &TestDatabase, notifications: &[Notification]) -> Vec<Notification> {
    let tx = database.store.begin().await.unwrap();
    let mut stored = Vec::new();
    for notification in notifications {
        stored.extend(tx.notification_insert_once(notification).await.unwrap());
    }
    tx.commit().await.unwrap();
    assert_eq!(stored.len(), notifications.len());
    stored
}

on_every_database! {
    async fn a_notification_comes_back_as_it_was_stored(database: &TestDatabase) {
        let alice = user("alice");
        let all_day = Task {
            due: Some(Due::AllDay {
                date: "2026-12-24".parse().unwrap(),
                zone: "Asia/Kathmandu".parse().unwrap(),
            }),
            ..task(&alice, "all day")
        };
        let mut stored = [
            notification(&task(&alice, "undated"), 1),
            notification(&all_day, 2),
            notification(&full_task(&alice), 3),
        ];
        assert_eq!(insert(database, &stored).await, stored);
        let read = database.store.read().await.unwrap();
        for notification in &stored {
            let found = read.notification_get(&alice, notification.id).await.unwrap();
            assert_eq!(found.as_ref(), Some(notification));
            let foreign = read.notification_get(&user("bob"), notification.id).await.unwrap();
            assert_eq!(foreign, None);
        }
        let listed = read.notification_list(&alice, false, None, 10).await.unwrap();
        stored.reverse();
        assert_eq!(listed, stored);
        assert_eq!(read.notification_list(&user("bob"), false, None, 10).await.unwrap(), []);
    }

    async fn an_event_makes_one_notification_even_after_it_was_deleted(database: &TestDatabase) {
        let alice = user("alice");
        let stored = notification(&full_task(&alice), 0);
        insert(database, std::slice::from_ref(&stored)).await;
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.notification_insert_once(&stored).await.unwrap(), None);
        let bob = user("bob");
        assert_eq!(tx.notification_delete(&bob, stored.id, now()).await.unwrap(), None);
        let deleted = tx.notification_delete(&alice, stored.id, now()).await.unwrap();
        assert_eq!(deleted.as_ref(), Some(&stored));
        assert_eq!(tx.notification_delete(&alice, stored.id, now()).await.unwrap(), None);
        let late = tx.notification_insert_once(&stored).await.unwrap();
        assert_eq!(late, None, "delivered late");
        tx.commit().await.unwrap();

        let read = database.store.read().await.unwrap();
        assert_eq!(read.notification_get(&alice, stored.id).await.unwrap(), None);
        assert_eq!(read.notification_list(&alice, false, None, 10).await.unwrap(), []);
        assert_eq!(read.notification_unread_count(&alice).await.unwrap(), 0);
        drop(read);
        assert_eq!(database.texts("SELECT task_title FROM notifications").await, [""]);

        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.notification_purge(now(), 10).await.unwrap(), 0);
        assert_eq!(tx.notification_purge(later(1), 10).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }

    async fn pages_go_from_the_newest_to_the_oldest(database: &TestDatabase) {
        let alice = user("alice");
        let task = task(&alice, "x");
        // Three of one moment: the later ones are put off.
        let mut given = [0, 1, 1, 1, 2, 3].map(|seconds| notification(&task, seconds));
        given[2].read_at = Some(now());
        let mut stored = insert(database, &given).await;
        stored.reverse();
        let read = database.store.read().await.unwrap();
        for unread_only in [false, true] {
            let expected: Vec<_> = stored
                .iter()
                .filter(|notification| !unread_only || notification.read_at.is_none())
                .cloned()
                .collect();
            for size in 1..=7 {
                let mut listed: Vec<Notification> = Vec::new();
                loop {
                    let after = listed.last().map(position);
                    let page = read.notification_list(&alice, unread_only, after.as_ref(), size);
                    let page = page.await.unwrap();
                    if page.is_empty() {
                        break;
                    }
                    listed.extend(page);
                }
                assert_eq!(listed, expected, "{size}");
            }
        }
        assert_eq!(read.notification_unread_count(&alice).await.unwrap(), 5);
        let wrong = PagePosition { key: SortKey::Sequence(1), id: id() };
        let error = read.notification_list(&alice, false, Some(&wrong), 1).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongPosition));
    }

    async fn reading_and_snoozing_are_changes_by_version(database: &TestDatabase) {
        let alice = user("alice");
        let stored = notification(&task(&alice, "x"), 0);
        insert(database, std::slice::from_ref(&stored)).await;
        let tx = database.store.begin().await.unwrap();
        let locked = tx.notification_get_for_update(&alice, stored.id).await.unwrap().unwrap();
        let read = locked.mark_read(later(1)).unwrap();
        tx.notification_update(&read).await.unwrap();
        let snoozed = read.clone().snooze(later(100), later(2));
        tx.notification_update(&snoozed).await.unwrap();
        tx.commit().await.unwrap();
        let found = database.store.read().await.unwrap();
        let found = found.notification_get(&alice, stored.id).await.unwrap();
        assert_eq!(found, Some(snoozed));
        let tx = database.store.begin().await.unwrap();
        let error = tx.notification_update(&read).await.unwrap_err();
        assert!(matches!(error, StoreError::Conflict(UniqueKey::Notification)), "{error:?}");
    }

    async fn all_of_one_user_are_marked_as_read(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let of_alice = [0, 1, 2, 9].map(|seconds| notification(&task(&alice, "x"), seconds));
        let of_bob = notification(&task(&bob, "x"), 0);
        insert(database, &of_alice).await;
        insert(database, std::slice::from_ref(&of_bob)).await;
        let tx = database.store.begin().await.unwrap();
        let read = of_alice[0].clone().mark_read(later(1)).unwrap();
        tx.notification_update(&read).await.unwrap();
        let marked = tx.notification_mark_all_read(&alice, later(5)).await.unwrap();
        assert_eq!(marked, Some(MarkedRead { count: 3, through: later(9) }));
        assert_eq!(tx.notification_mark_all_read(&alice, later(5)).await.unwrap(), None);
        tx.commit().await.unwrap();
        let view = database.store.read().await.unwrap();
        let listed = view.notification_list(&alice, false, None, 10).await.unwrap();
        let marked = |notification: &Notification| Notification {
            read_at: Some(later(5)),
            version: 2,
            ..notification.clone()
        };
        let expected = [marked(&of_alice[3]), marked(&of_alice[2]), marked(&of_alice[1]), read];
        assert_eq!(listed, expected, "also one of a clock that runs ahead");
        let found = view.notification_get(&bob, of_bob.id).await.unwrap();
        assert_eq!(found, Some(of_bob));
        let nothing = view.notification_get(&alice, NotificationId(id())).await.unwrap();
        assert_eq!(nothing, None);
    }

    async fn one_that_comes_later_is_later_whatever_its_clock_said(database: &TestDatabase) {
        let alice = user("alice");
        let behind = [7, 3, 3].map(|seconds| notification(&task(&alice, "x"), seconds));
        let stored = insert(database, &behind).await;
        assert!(stored.is_sorted_by(|one, next| one.created_at < next.created_at), "{stored:?}");
        assert_eq!(stored[0], behind[0]);
        let tx = database.store.begin().await.unwrap();
        let marked = tx.notification_mark_all_read(&alice, later(4)).await.unwrap().unwrap();
        tx.commit().await.unwrap();
        assert_eq!(marked, MarkedRead { count: 3, through: stored[2].created_at });
        let stored = insert(database, &[notification(&task(&alice, "x"), 5)]).await;
        assert!(marked.through < stored[0].created_at, "{stored:?}");
    }
}
