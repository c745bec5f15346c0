use domain::{TaskFilter, TaskOrder};
use store::StoreError;

use crate::samples::{full_task, now, user};

on_every_database! {
    async fn an_impossible_value_is_an_error_that_names_its_column(database: &TestDatabase) {
        let alice = user("alice");
        let stored = full_task(&alice);
        let values = [
            ("tasks", "title", "''"),
            ("tasks", "priority", "4"),
            ("tasks", "category", "'sport'"),
            ("tasks", "tags", r#"'{"a": 1}'"#),
            ("tasks", "due_zone", "'Mars/Olympus'"),
            ("tasks", "due_date", "'2026-01-01'"),
            ("tasks", "recurring_rule", "'sometimes'"),
            ("tasks", "recurrence_mode", "NULL"),
            ("tasks", "anchor_local", "NULL"),
            ("tasks", "anchor_zone", "'x'"),
            ("tasks", "occurrence_index", "-1"),
            ("tasks", "scheduled_local", "NULL"),
            ("reminders", "state", "'snoring'"),
            ("reminders", "before_due_seconds", "7"),
        ];
        for (table, column, value) in values {
            let tx = database.store.begin().await.unwrap();
            tx.task_insert(&stored).await.unwrap();
            tx.commit().await.unwrap();
            let update = format!("UPDATE {table} SET {column} = {value}");
            let update = match column {
                // Only the one that is at a moment has no such number.
                "before_due_seconds" => format!("{update} WHERE remind_at IS NOT NULL"),
                _ => update,
            };
            database.raw(&update).await;
            let named = match column {
                "due_date" => "due_at",
                _ => column,
            };
            let read = database.store.read().await.unwrap();
            let got = read.task_get(&alice, stored.id).await;
            let filter = TaskFilter {
                trash: domain::TrashFilter::Include,
                ..TaskFilter::default()
            };
            let listed = read.task_list(&alice, &filter, TaskOrder::default(), None, 9).await;
            for error in [got.unwrap_err(), listed.unwrap_err()] {
                assert!(
                    matches!(&error, StoreError::Corrupt { table: t, column: c }
                        if *t == table && *c == named),
                    "{table}.{column}: {error:?}"
                );
                assert!(!error.is_transient());
            }
            drop(read);
            database.raw("DELETE FROM tasks").await;
        }
    }

    async fn the_error_names_no_contents(database: &TestDatabase) {
        let alice = user("alice");
        let stored = full_task(&alice);
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&stored).await.unwrap();
        tx.commit().await.unwrap();
        database.raw("UPDATE tasks SET category = 'password: hunter2'").await;
        let tx = database.store.begin().await.unwrap();
        let error = tx.task_get_for_update(&alice, stored.id).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "the column category of a row in tasks holds an impossible value"
        );
        assert!(!format!("{error:?}").contains("hunter2"));
        let claimed = tx.reminder_claim_due(now(), 10).await.unwrap();
        assert!(claimed.is_empty(), "the connection goes on");
    }
}
