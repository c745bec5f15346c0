use std::collections::HashSet;

use domain::{
    Description, OrderField, SearchText, Task, TaskFilter, TaskId, TaskOrder, Title, UserId,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::StoreError;
use tokio::runtime::Handle;

use crate::harness::TestDatabase;
use crate::samples::{id, later, now, reminding_task, task, user};

mod random;

use random::{PIECES, WORDS, any_filter, any_task};

/// Every page of a list, one after the other, by the position of each page's last task.
async fn pages(
    database: &TestDatabase,
    owner: &UserId,
    filter: &TaskFilter,
    order: TaskOrder,
    size: u32,
) -> Vec<Task> {
    let read = database.store.read().await.unwrap();
    let mut tasks: Vec<Task> = Vec::new();
    loop {
        let after = tasks.last().map(|last| order.position(last));
        let page = read
            .task_list(owner, filter, order, after.as_ref(), size)
            .await
            .unwrap();
        let full = page.len() == size as usize;
        assert!(page.len() <= size as usize);
        tasks.extend(page);
        if !full {
            return tasks;
        }
    }
}

async fn matches_model(
    database: &TestDatabase,
    tasks: &[Task],
    filters: &[TaskFilter],
    size: u32,
) -> Result<(), TestCaseError> {
    // Each case has a user of its own, so that one database serves them all.
    let owner = user(&format!("owner {}", id()));
    let tasks: Vec<Task> = tasks
        .iter()
        .map(|task| Task {
            user_id: owner.clone(),
            ..task.clone()
        })
        .collect();
    let tx = database.store.begin().await.unwrap();
    for task in &tasks {
        tx.task_insert(task).await.unwrap();
    }
    tx.commit().await.unwrap();
    for filter in [&TaskFilter::default()].into_iter().chain(filters) {
        let mut expected: Vec<Task> = tasks
            .iter()
            .filter(|task| filter.matches(task))
            .cloned()
            .collect();
        let read = database.store.read().await.unwrap();
        let count = read.task_count(&owner, filter).await.unwrap();
        prop_assert_eq!(
            usize::try_from(count).unwrap(),
            expected.len(),
            "{:?}",
            filter
        );
        for by in OrderField::ALL {
            for descending in [false, true] {
                let order = TaskOrder { by, descending };
                expected.sort_by(|left, right| order.compare(left, right));
                let listed = pages(database, &owner, filter, order, size).await;
                prop_assert_eq!(titles(&listed), titles(&expected), "{} {:?}", order, filter);
                prop_assert_eq!(&listed, &expected);
                let rest = read
                    .task_list_from(&owner, filter, order, 2, 500)
                    .await
                    .unwrap();
                let skipped: Vec<Task> = expected.iter().skip(2).cloned().collect();
                prop_assert_eq!(rest, skipped);
            }
        }
    }
    Ok(())
}

fn titles(tasks: &[Task]) -> Vec<(&str, TaskId)> {
    tasks
        .iter()
        .map(|task| (task.title.as_str(), task.id))
        .collect()
}

on_every_database! {
    async fn pages_in_every_order_and_filter_are_what_the_domain_says(database: &TestDatabase) {
        let cases = (
            prop::collection::vec(any_task(), 0..25),
            prop::collection::vec(any_filter(), 6),
            1..9_u32,
        );
        let mut runner = TestRunner::new(Config { cases: 24, ..Config::default() });
        tokio::task::block_in_place(|| {
            runner
                .run(&cases, |(tasks, filters, size)| {
                    Handle::current().block_on(matches_model(database, &tasks, &filters, size))
                })
                .unwrap();
        });
    }

    async fn every_word_finds_what_the_domain_says(database: &TestDatabase) {
        let owner = user("searcher");
        let mut tasks: Vec<Task> = PIECES
            .iter()
            .filter_map(|piece| {
                let described = Description::parse(&format!("one\n{piece}two")).unwrap();
                Some(Task {
                    title: Title::parse(&format!("{piece}{piece} x")).ok()?,
                    description: described,
                    ..task(&owner, "replaced")
                })
            })
            .collect();
        tasks.push(task(&owner, &PIECES.concat()));
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.task_insert(&task(&user("stranger"), &PIECES.concat())).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let mut found_something = 0;
        for word in WORDS.iter().chain(PIECES) {
            let filter = TaskFilter {
                search: SearchText::parse(word).unwrap(),
                ..TaskFilter::default()
            };
            let found = read.task_list(&owner, &filter, TaskOrder::default(), None, 500).await;
            let found: HashSet<_> = found.unwrap().into_iter().map(|task| task.id).collect();
            let expected: HashSet<_> =
                tasks.iter().filter(|task| filter.matches(task)).map(|task| task.id).collect();
            assert_eq!(found, expected, "{word}");
            found_something += usize::from(!found.is_empty());
        }
        assert!(found_something > PIECES.len(), "the words are found");
    }

    async fn a_page_goes_on_where_the_last_one_ended_although_tasks_came_and_went(database: &TestDatabase) {
        let owner = user("alice");
        let tasks: Vec<Task> = (0..6)
            .map(|number| Task {
                created_at: later(number),
                ..reminding_task(&owner, &format!("task {number}"), &[later(500)])
            })
            .collect();
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.commit().await.unwrap();
        let order = TaskOrder { by: OrderField::CreatedAt, descending: false };
        let filter = TaskFilter::default();
        let read = database.store.read().await.unwrap();
        let first = read.task_list(&owner, &filter, order, None, 2).await.unwrap();
        drop(read);
        assert_eq!(first, tasks[..2]);
        let tx = database.store.begin().await.unwrap();
        tx.task_insert(&Task { created_at: later(-1), ..task(&owner, "earlier") }).await.unwrap();
        let gone = Task { deleted_at: Some(now()), version: 2, ..tasks[1].clone() };
        tx.task_update(&tasks[1], &gone).await.unwrap();
        tx.commit().await.unwrap();
        let read = database.store.read().await.unwrap();
        let after = order.position(&tasks[1]);
        let second = read.task_list(&owner, &filter, order, Some(&after), 2).await.unwrap();
        assert_eq!(second, tasks[2..4]);
    }

    async fn a_position_of_another_order_is_refused(database: &TestDatabase) {
        let owner = user("alice");
        let position = TaskOrder::default().position(&task(&owner, "x"));
        let by_title = TaskOrder { by: OrderField::Title, descending: false };
        let read = database.store.read().await.unwrap();
        let error = read
            .task_list(&owner, &TaskFilter::default(), by_title, Some(&position), 2)
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::WrongPosition), "{error:?}");
    }
}
