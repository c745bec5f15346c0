//! A change reaches everybody it is for, whichever replicas are on its way.

use e2e::System;
use proto::v1::{CreateTaskRequest, ListTasksRequest, Task, UpdateAction};
use testkit::{eventually, task};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

#[tokio::test]
async fn a_task_is_on_every_screen_and_in_the_audit_trail() {
    let system = System::found();
    let user = system.user("tasks-everywhere").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    let mut expected = Vec::new();
    for replica in 0..system.replicas() {
        let task = user.create(replica, task("Water the plants")).await;
        expected.push(task.unwrap().id);
    }
    for screen in &mut screens {
        let mut seen = Vec::new();
        for _ in &expected {
            seen.push(screen.task().await.1.id);
        }
        seen.sort();
        assert_eq!(seen, expected);
    }
    let logs = eventually("every audit row", async || {
        let logs = user.all_logs().await.unwrap();
        (logs.len() == expected.len()).then_some(logs)
    })
    .await;
    let sequences: Vec<i64> = logs.iter().map(|log| log.sequence).collect();
    assert_eq!(sequences, [1, 2]);
}

#[tokio::test]
async fn a_page_token_of_one_replica_goes_on_at_the_other() {
    const TASKS: usize = 7;
    let system = System::found();
    let user = system.user("tasks-pages").await;
    for number in 0..TASKS {
        let created = user
            .create(number % 2, task(&format!("Task {number}")))
            .await;
        created.unwrap();
    }
    let mut request = ListTasksRequest {
        page_size: 2,
        ..ListTasksRequest::default()
    };
    let mut titles = Vec::new();
    let mut pages = 0;
    loop {
        let mut client = user.tasks(pages % system.replicas());
        let page = client.list_tasks(request.clone()).await.unwrap();
        let page = page.into_inner();
        titles.extend(page.tasks.into_iter().map(|task| task.title));
        pages += 1;
        if page.next_page_token.is_empty() {
            break;
        }
        request.page_token = page.next_page_token;
    }
    assert_eq!(pages, 4);
    titles.sort();
    let expected: Vec<_> = (0..TASKS).map(|number| format!("Task {number}")).collect();
    assert_eq!(titles, expected);
}

#[tokio::test]
async fn an_etag_that_is_stale_on_one_replica_is_stale_on_the_other() {
    let system = System::found();
    let user = system.user("tasks-etags").await;
    let mut screen = user.watch(1, "").await.unwrap();
    let created = user.create(0, task("Buy milk")).await.unwrap();
    assert_eq!(
        screen.task().await,
        (UpdateAction::Created, created.clone())
    );
    let titled = |title: &str| Task {
        title: title.into(),
        ..created.clone()
    };
    let first = user.update(1, titled("Buy oat milk"), &["title"]).await;
    let first = first.unwrap();
    assert_eq!(screen.task().await, (UpdateAction::Updated, first.clone()));
    for replica in 0..system.replicas() {
        let stale = user.update(replica, titled("Buy soy milk"), &["title"]);
        let status = stale.await.unwrap_err();
        assert_eq!(status.code(), Code::Aborted, "{status}");
        assert_eq!(reason(&status), "ETAG_MISMATCH");
        assert_eq!(user.get(replica, &created.id).await.unwrap(), first);
    }
}

#[tokio::test]
async fn a_request_that_was_sent_to_both_replicas_is_one_change() {
    let system = System::found();
    let user = system.user("tasks-requests").await;
    let request = |title: &str| CreateTaskRequest {
        task: Some(task(title)),
        request_id: "4f1c7a0e-58a6-4a6e-9d52-6a8f5b3f0d11".into(),
    };
    let (mut one, mut other) = (user.tasks(0), user.tasks(1));
    // At the same moment, as a client does that waits for no answer.
    let (one, other) = tokio::join!(
        one.create_task(request("Buy milk")),
        other.create_task(request("Buy milk")),
    );
    let (one, other) = (one.unwrap().into_inner(), other.unwrap().into_inner());
    assert_eq!(one, other);
    for replica in 0..system.replicas() {
        let mut client = user.tasks(replica);
        let status = client.create_task(request("Buy bread")).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument, "{status}");
        assert_eq!(reason(&status), "REQUEST_ID_REUSED");
    }
    let id = one.task.unwrap().id;
    assert_eq!(user.history(&id, 1).await, ["task.created"]);
    assert_eq!(user.all_tasks().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_task_goes_into_the_trash_by_one_replica_and_comes_back_by_the_other() {
    let system = System::found();
    let user = system.user("tasks-trash").await;
    let mut screen = user.watch(0, "").await.unwrap();
    let created = user.create(0, task("Buy milk")).await.unwrap();
    screen.task().await;
    let deleted = user.delete(1, &created.id).await.unwrap();
    assert!(deleted.deleted_at.is_some() && deleted.purge_at.is_some());
    assert_eq!(screen.task().await, (UpdateAction::Deleted, deleted));
    let again = user.delete(0, &created.id).await.unwrap_err();
    assert_eq!(again.code(), Code::NotFound, "{again}");

    let back = user.undelete(0, &created.id).await.unwrap();
    assert_eq!(screen.task().await.1, back);
    assert_eq!(user.get(1, &created.id).await.unwrap(), back);
    assert_eq!(
        user.history(&created.id, 3).await,
        ["task.created", "task.deleted", "task.updated"]
    );
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason
}
