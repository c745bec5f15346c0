use domain::{Actor, AppId, EventId, PagePosition, SortKey, TaskId, Topic, UserId};
use store::{AuditEntry, AuditFilter, StoreError};
use tokio::task::JoinSet;

use crate::harness::TestDatabase;
use crate::samples::{correlation, id, later, now, user};

fn audited(owner: &UserId, sequence: i64, topic: Topic) -> AuditEntry {
    AuditEntry {
        event_id: EventId(id()),
        user_id: owner.clone(),
        sequence,
        topic,
        occurred_at: later(sequence),
        task_id: TaskId(id()),
        actor: Actor::user(owner, Some("token-1".to_owned())),
        correlation_id: correlation(),
        source: AppId::BackendApi,
        data: Some(r#"{"task":{"title":"Ä \" 😀"}}"#.to_owned()),
    }
}

async fn insert(database: &TestDatabase, entries: &[AuditEntry]) -> u64 {
    let tx = database.store.begin().await.unwrap();
    let inserted = tx.audit_insert_many(entries).await.unwrap();
    tx.commit().await.unwrap();
    inserted
}

on_every_database! {
    async fn an_event_makes_one_entry_however_often_it_comes(database: &TestDatabase) {
        let alice = user("alice");
        let by_service = AuditEntry {
            actor: Actor::service(AppId::RecurringService),
            source: AppId::RecurringService,
            ..audited(&alice, 2, Topic::TaskCreated)
        };
        let entries = [
            audited(&alice, 3, Topic::ReminderDue),
            by_service,
            audited(&alice, 1, Topic::TaskCreated),
        ];
        assert_eq!(insert(database, &entries[1..]).await, 2);
        assert_eq!(insert(database, &entries).await, 1);
        assert_eq!(insert(database, &entries).await, 0);
        assert_eq!(insert(database, &[]).await, 0);
        let changed = AuditEntry { data: Some("forged".to_owned()), ..entries[0].clone() };
        assert_eq!(insert(database, &[changed]).await, 0, "a row is never changed");
        let read = database.store.read().await.unwrap();
        let listed = read.audit_list(&alice, &AuditFilter::default(), None, 10).await.unwrap();
        assert_eq!(listed, entries);
        let foreign = read.audit_list(&user("bob"), &AuditFilter::default(), None, 10).await;
        assert_eq!(foreign.unwrap(), []);
    }

    async fn the_same_events_from_two_sides_do_not_deadlock(database: &TestDatabase) {
        let alice = user("alice");
        let entries: Vec<_> =
            (1..=50).map(|sequence| audited(&alice, sequence, Topic::TaskUpdated)).collect();
        let mut sides = JoinSet::new();
        for side in 0..4 {
            let (store, mut entries) = (database.store.clone(), entries.clone());
            if side % 2 == 1 {
                entries.reverse();
            }
            sides.spawn(async move {
                let tx = store.begin().await.unwrap();
                let inserted = tx.audit_insert_many(&entries).await.unwrap();
                tx.commit().await.unwrap();
                inserted
            });
        }
        assert_eq!(sides.join_all().await.iter().sum::<u64>(), 50);
    }

    async fn pages_and_filters_go_by_the_sequence(database: &TestDatabase) {
        let alice = user("alice");
        let mut entries: Vec<_> = (1..=12)
            .map(|sequence| {
                let topic = Topic::ALL[usize::try_from(sequence).unwrap() % 4];
                audited(&alice, sequence, topic)
            })
            .collect();
        entries[4].task_id = entries[0].task_id;
        entries[9].task_id = entries[0].task_id;
        // It arrived late: its number counts, not its time of arrival.
        entries.swap(2, 7);
        insert(database, &entries).await;
        entries.sort_by_key(|entry| -entry.sequence);
        let read = database.store.read().await.unwrap();
        let task_id = entries[11].task_id;
        let filters = [
            AuditFilter::default(),
            AuditFilter { task_id: Some(task_id), ..AuditFilter::default() },
            AuditFilter {
                topics: vec![Topic::TaskCreated, Topic::TaskDeleted],
                ..AuditFilter::default()
            },
            AuditFilter {
                occurred_from: Some(later(3)),
                occurred_before: Some(later(9)),
                ..AuditFilter::default()
            },
        ];
        let counts = [12, 3, 6, 6];
        for (filter, count) in filters.iter().zip(counts) {
            let expected: Vec<_> = entries
                .iter()
                .filter(|entry| {
                    filter.task_id.is_none_or(|task| task == entry.task_id)
                        && (filter.topics.is_empty() || filter.topics.contains(&entry.topic))
                        && filter.occurred_from.is_none_or(|from| from <= entry.occurred_at)
                        && filter.occurred_before.is_none_or(|before| entry.occurred_at < before)
                })
                .cloned()
                .collect();
            assert_eq!(expected.len(), count, "{filter:?}");
            for size in [1, 3, 100] {
                let mut listed: Vec<AuditEntry> = Vec::new();
                loop {
                    let after = listed.last().map(AuditEntry::position);
                    let page = read.audit_list(&alice, filter, after.as_ref(), size).await.unwrap();
                    if page.is_empty() {
                        break;
                    }
                    listed.extend(page);
                }
                assert_eq!(listed, expected);
            }
            let skipped = read.audit_list_from(&alice, filter, 2, 100).await.unwrap();
            assert_eq!(skipped, expected[2..]);
        }
        let wrong = PagePosition { key: SortKey::CreatedAt(now()), id: id() };
        let error = read.audit_list(&alice, &filters[0], Some(&wrong), 1).await.unwrap_err();
        assert!(matches!(error, StoreError::WrongPosition));
    }

    async fn of_a_deleted_account_ids_and_times_stay_and_contents_go(database: &TestDatabase) {
        let (alice, bob) = (user("alice"), user("bob"));
        let before: Vec<_> =
            (1..=5).map(|sequence| audited(&alice, sequence, Topic::TaskCreated)).collect();
        let of_bob = audited(&bob, 1, Topic::TaskCreated);
        insert(database, &before).await;
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.account_erase_audit(&alice, 100).await.unwrap(), 0, "it is not deleted");
        tx.account_tombstone(&alice, now()).await.unwrap();
        tx.commit().await.unwrap();
        // What was on its way is stored without its contents.
        let late = audited(&alice, 6, Topic::TaskDeleted);
        assert_eq!(insert(database, &[late.clone(), of_bob.clone()]).await, 2);
        let mut erased = Vec::new();
        for _ in 0..3 {
            let tx = database.store.begin().await.unwrap();
            erased.push(tx.account_erase_audit(&alice, 3).await.unwrap());
            tx.commit().await.unwrap();
        }
        assert_eq!(erased, [3, 2, 0]);
        let read = database.store.read().await.unwrap();
        let listed = read.audit_list(&alice, &AuditFilter::default(), None, 10).await.unwrap();
        let expected: Vec<_> = before
            .into_iter()
            .chain([late])
            .rev()
            .map(|entry| AuditEntry {
                data: None,
                actor: Actor { token_id: None, ..entry.actor },
                ..entry
            })
            .collect();
        assert_eq!(listed, expected);
        let listed = read.audit_list(&bob, &AuditFilter::default(), None, 10).await.unwrap();
        assert_eq!(listed, [of_bob]);
    }
}
