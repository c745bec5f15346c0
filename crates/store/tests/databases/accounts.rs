use domain::{AppId, EventId, Notification, Profile, ReminderId, RequestId, TaskId, Topic, UserId};
use store::{DeadLetter, StoreError, StoredRequest};

use crate::harness::TestDatabase;
use crate::samples::{entry, id, later, now, reminding_task, user};

const TABLES: [&str; 6] = [
    "tasks",
    "reminders",
    "notifications",
    "profiles",
    "request_ids",
    "dead_letters",
];

/// Something in every table, `tasks` times where there can be several.
async fn fill(database: &TestDatabase, owner: &UserId, tasks: usize) {
    let tx = database.store.begin().await.unwrap();
    for _ in 0..tasks {
        let task = reminding_task(owner, "secret", &[later(1)]);
        tx.task_insert(&task).await.unwrap();
        let (event, reminder) = (EventId(id()), ReminderId(id()));
        let told = Notification::of_reminder(event, reminder, now(), &task, now());
        tx.notification_insert_once(&told).await.unwrap();
        let request = StoredRequest {
            user_id: owner.clone(),
            method: "CreateTask".to_owned(),
            request_id: RequestId(id()),
            request_hash: Vec::new(),
            task_id: TaskId(id()),
            expires_at: later(1),
        };
        tx.request_insert(&request, now()).await.unwrap();
        let letter = DeadLetter {
            consumer: AppId::AuditService,
            event_id: id().to_string(),
            topic: "task-created".to_owned(),
            user_id: Some(owner.as_str().to_owned()),
            reason: String::new(),
            attempts: 1,
            content_type: String::new(),
            payload: b"secret".to_vec(),
            first_at: now(),
            last_at: now(),
        };
        tx.dead_letter_put(&letter).await.unwrap();
    }
    tx.profile_upsert(&profile(owner)).await.unwrap();
    tx.outbox_append(&[
        entry(owner, Topic::TaskCreated),
        entry(owner, Topic::TaskCreated),
    ])
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

fn profile(owner: &UserId) -> Profile {
    Profile {
        updated_at: Some(now()),
        version: 1,
        ..Profile::default_of(owner.clone())
    }
}

async fn count(database: &TestDatabase, table: &str, owner: &str) -> String {
    let sql = format!("SELECT CAST(count(*) AS text) FROM {table} WHERE user_id = '{owner}'");
    database.texts(&sql).await.remove(0)
}

on_every_database! {
    async fn a_deleted_account_goes_in_batches_and_nobody_elses_does(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        fill(database, &alice, 5).await;
        fill(database, &bob, 2).await;
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.account_delete_data(&alice, 100).await.unwrap(), 0, "it is not deleted");
        let leases = tx
            .lease_acquire(AppId::BackendApi, &[12, 13], "relay", now(), later(9))
            .await
            .unwrap();
        let fences: Vec<_> = leases.iter().map(store::Lease::fence).collect();
        let first = tx.outbox_fetch(AppId::BackendApi, &[12], 1).await.unwrap()[0].position;
        assert!(tx.outbox_park(AppId::BackendApi, first, &fences, "x", now()).await.unwrap());
        tx.account_tombstone(&alice, now()).await.unwrap();
        tx.commit().await.unwrap();

        let mut deleted = Vec::new();
        loop {
            let tx = database.store.begin().await.unwrap();
            deleted.push(tx.account_delete_data(&alice, 4).await.unwrap());
            tx.commit().await.unwrap();
            if deleted.last() == Some(&0) {
                break;
            }
        }
        // 5 tasks, notifications, request ids and dead letters, 1 parked event and 1 profile.
        assert_eq!(deleted, [4, 4, 4, 4, 4, 2, 0]);
        for table in TABLES {
            assert_eq!(count(database, table, "alice").await, "0", "{table}");
            let kept = if table == "profiles" { "1" } else { "2" };
            assert_eq!(count(database, table, "bob").await, kept, "{table}");
        }
        assert_eq!(count(database, "outbox", "alice").await, "1", "it is on its way");
        assert_eq!(count(database, "outbox", "bob").await, "2");
    }

    async fn a_tombstone_keeps_its_first_time_and_takes_no_profile(database: &TestDatabase) {
        let alice = user("alice");
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.account_tombstone(&alice, now()).await.unwrap(), now());
        assert_eq!(tx.account_tombstone(&alice, later(9)).await.unwrap(), now());
        tx.commit().await.unwrap();
        let tx = database.store.begin().await.unwrap();
        let account = tx.account_get(&alice).await.unwrap().unwrap();
        assert_eq!(account.deleted_at, Some(now()));
        let error = tx.profile_upsert(&profile(&alice)).await.unwrap_err();
        assert!(matches!(error, StoreError::AccountDeleted), "{error:?}");
    }

    async fn a_tombstone_stays_until_all_is_gone_and_the_counters_go_on(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        fill(database, &bob, 1).await;
        let tx = database.store.begin().await.unwrap();
        tx.outbox_append(&[entry(&alice, Topic::TaskCreated)]).await.unwrap();
        tx.account_tombstone(&alice, now()).await.unwrap();
        tx.commit().await.unwrap();

        let tx = database.store.begin().await.unwrap();
        let left = tx.account_list_unerased(10).await.unwrap();
        assert_eq!(left.iter().map(|account| &account.user_id).collect::<Vec<_>>(), [&alice]);
        // What began before the tombstone may still be under way.
        assert!(!tx.account_mark_erased(&alice, later(60)).await.unwrap());
        assert_eq!(tx.account_purge(later(1_000), 10).await.unwrap(), 0);
        assert!(tx.account_mark_erased(&alice, later(120)).await.unwrap());
        assert!(!tx.account_mark_erased(&bob, later(120)).await.unwrap());
        assert_eq!(tx.account_list_unerased(10).await.unwrap(), []);
        assert_eq!(tx.account_purge(now(), 10).await.unwrap(), 0);
        assert_eq!(tx.account_purge(later(1_000), 10).await.unwrap(), 1);
        let sequences = tx.outbox_append(&[entry(&alice, Topic::TaskCreated)]).await.unwrap();
        assert_eq!(sequences, [2], "no number is given twice");
        tx.commit().await.unwrap();
    }
}
