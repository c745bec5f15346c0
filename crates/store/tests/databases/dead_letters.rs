use domain::AppId;
use store::DeadLetter;

use crate::samples::{later, now};

fn letter(consumer: AppId, event_id: &str, seconds: i64) -> DeadLetter {
    DeadLetter {
        consumer,
        event_id: event_id.to_owned(),
        topic: "task-completed".to_owned(),
        user_id: Some("alice".to_owned()),
        reason: "not JSON: Ä \" 😀".to_owned(),
        attempts: 2,
        content_type: "application/json".to_owned(),
        payload: vec![0, 255, b'{', 10],
        first_at: later(seconds),
        last_at: later(seconds),
    }
}

on_every_database! {
    async fn a_dead_letter_is_kept_once_a_consumer_and_event(database: &TestDatabase) {
        let first = DeadLetter { user_id: None, ..letter(AppId::AuditService, "e1", 0) };
        let again = DeadLetter {
            attempts: 3,
            reason: "still not".to_owned(),
            first_at: later(9),
            last_at: later(9),
            ..first.clone()
        };
        let other = letter(AppId::RecurringService, "e1", 0);
        let tx = database.store.begin().await.unwrap();
        for letter in [&first, &again, &other] {
            tx.dead_letter_put(letter).await.unwrap();
        }
        tx.commit().await.unwrap();
        let kept = DeadLetter { attempts: 5, first_at: now(), ..again };
        let read = database.store.read().await.unwrap();
        let get = async |consumer, event| read.dead_letter_get(consumer, event).await.unwrap();
        assert_eq!(get(AppId::AuditService, "e1").await, Some(kept));
        assert_eq!(get(AppId::RecurringService, "e1").await, Some(other));
        assert_eq!(get(AppId::BackendApi, "e1").await, None);
        drop(read);
        let tx = database.store.begin().await.unwrap();
        assert!(tx.dead_letter_delete(AppId::AuditService, "e1").await.unwrap());
        assert!(!tx.dead_letter_delete(AppId::AuditService, "e1").await.unwrap());
        let left = tx.dead_letter_get(AppId::RecurringService, "e1").await.unwrap();
        assert!(left.is_some());
    }

    async fn dead_letters_are_listed_oldest_first(database: &TestDatabase) {
        let expected = [
            letter(AppId::AuditService, "e9", 0),
            letter(AppId::AuditService, "e1", 1),
            letter(AppId::AuditService, "e2", 1),
            letter(AppId::RecurringService, "e1", 1),
            letter(AppId::AuditService, "e0", 2),
        ];
        let tx = database.store.begin().await.unwrap();
        for letter in expected.iter().rev() {
            tx.dead_letter_put(letter).await.unwrap();
        }
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        for size in 1..=6 {
            let mut listed: Vec<DeadLetter> = Vec::new();
            loop {
                let after = listed.last().map(DeadLetter::position);
                let page = read.dead_letter_list(None, after.as_ref(), size).await.unwrap();
                if page.is_empty() {
                    break;
                }
                listed.extend(page);
            }
            assert_eq!(listed, expected);
        }
        let of_one = read.dead_letter_list(Some(AppId::RecurringService), None, 10).await;
        assert_eq!(of_one.unwrap(), expected[3..4]);
    }
}
