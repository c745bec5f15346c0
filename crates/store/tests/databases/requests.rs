use domain::{RequestId, TaskId, UserId};
use store::{StoreError, StoredRequest, UniqueKey};

use crate::samples::{id, later, now, task, user};

fn request(owner: &UserId) -> StoredRequest {
    StoredRequest {
        user_id: owner.clone(),
        method: "CreateTask".to_owned(),
        request_id: RequestId(id()),
        request_hash: vec![0, 1, 255],
        task_id: TaskId(id()),
        expires_at: later(100),
    }
}

on_every_database! {
    async fn a_request_is_remembered_until_its_time_is_over(database: &TestDatabase) {
        let alice = user("alice");
        let first = request(&alice);
        let tx = database.store.begin().await.unwrap();
        tx.request_insert(&first, now()).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let find = async |user: &UserId, method, at| {
            read.request_find(user, method, first.request_id, later(at)).await.unwrap()
        };
        assert_eq!(find(&alice, "CreateTask", 99).await.as_ref(), Some(&first));
        assert_eq!(find(&alice, "CreateTask", 100).await, None);
        assert_eq!(find(&alice, "DeleteTask", 0).await, None);
        assert_eq!(find(&user("bob"), "CreateTask", 0).await, None);
        drop(read);

        // Its time is over, and nobody has purged it: the id is free.
        let again = StoredRequest { expires_at: later(200), task_id: TaskId(id()), ..first };
        let tx = database.store.begin().await.unwrap();
        tx.request_insert(&again, later(100)).await.unwrap();
        let found = tx.request_find(&alice, "CreateTask", again.request_id, later(100)).await;
        assert_eq!(found.unwrap(), Some(again));
        tx.commit().await.unwrap();
        let tx = database.store.begin().await.unwrap();
        assert_eq!(tx.request_purge(later(199), 10).await.unwrap(), 0);
        assert_eq!(tx.request_purge(later(200), 10).await.unwrap(), 1);
    }

    async fn of_two_calls_with_one_id_one_happens(database: &TestDatabase) {
        let alice = user("alice");
        let first = request(&alice);
        let second = StoredRequest { task_id: TaskId(id()), ..first.clone() };
        let call = async |request: &StoredRequest, title: &str| {
            let tx = database.store.begin().await.unwrap();
            tx.task_insert(&task(&alice, title)).await.unwrap();
            match tx.request_insert(request, now()).await {
                Ok(()) => {
                    tx.commit().await.unwrap();
                    Ok(())
                }
                Err(error) => Err((error, tx.commit().await)),
            }
        };
        let results = tokio::join!(call(&first, "first"), call(&second, "second"));
        let failed = match results {
            (Ok(()), Err(failed)) | (Err(failed), Ok(())) => failed,
            other => panic!("one of them: {other:?}"),
        };
        assert!(matches!(failed.0, StoreError::Conflict(UniqueKey::Request)), "{failed:?}");
        assert!(matches!(failed.1, Err(StoreError::TransactionFailed)), "{failed:?}");
        assert_eq!(database.texts("SELECT CAST(count(*) AS text) FROM tasks").await, ["1"]);
    }
}
