//! What is given up half way.

use std::collections::HashSet;
use std::time::Duration;

use futures::FutureExt;
use store::StoreError;

use super::{create, whole};
use crate::samples::{now, reminding_task, task, user};

on_every_database! {
    async fn transactions_abandoned_anywhere_leave_nothing_half_done(database: &TestDatabase) {
        let alice = user("alice");
        let mut finished = HashSet::new();
        let mut abandoned = 0;
        for step in 0..150 {
            let task = reminding_task(&alice, "x", &[now()]);
            let limit = Duration::from_micros(step * 40);
            match tokio::time::timeout(limit, create(&database.store, &task)).await {
                Ok(result) => {
                    result.unwrap();
                    finished.insert(task.id.0.simple().to_string());
                }
                Err(_) => abandoned += 1,
            }
        }
        assert!(abandoned > 0);
        create(&database.store, &task(&alice, "last")).await.unwrap();
        assert!(whole(database).await.is_superset(&finished));
    }

    async fn a_statement_abandoned_half_way_cannot_be_committed(database: &TestDatabase) {
        let stored = task(&user("alice"), "x");
        create(&database.store, &stored).await.unwrap();
        let tx = database.store.begin().await.unwrap();
        // SQLite may answer at once: then it was not abandoned.
        let abandoned = (0..10_000).any(|_| {
            let statement = std::pin::pin!(tx.task_get(&stored.user_id, stored.id));
            statement.now_or_never().is_none()
        });
        assert!(abandoned);
        let error = tx.task_get(&stored.user_id, stored.id).await.unwrap_err();
        assert!(matches!(error, StoreError::TransactionFailed), "{error:?}");
        assert!(matches!(tx.commit().await, Err(StoreError::TransactionFailed)));
    }
}
