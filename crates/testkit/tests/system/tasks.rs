//! Changes to tasks, from the request to the audit trail and the screen.

use domain::AppId;
use proto::{
    v1::{
        CreateTaskRequest, DeleteTaskRequest, Task, TaskStatus, UndeleteTaskRequest, UpdateAction,
        UpdateTaskRequest,
    },
    wkt::FieldMask,
};
use testkit::{Database, Plan, User, on_every_database, task};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

on_every_database!(
    an_update_changes_what_its_mask_names,
    a_stale_etag_changes_nothing,
    the_same_request_again_is_the_same_change,
    a_task_comes_back_from_the_trash,
);

async fn an_update_changes_what_its_mask_names(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let created = Task {
        description: "Two litres".into(),
        tags: vec!["shop".into()],
        ..task("Buy milk")
    };
    let created = alice.create(created).await;
    screen.task().await;
    let edited = Task {
        title: "Buy oat milk".into(),
        description: "is not in the mask".into(),
        ..created.clone()
    };
    let updated = update(&alice, edited, &["title"]).await.unwrap();
    assert_eq!(updated.title, "Buy oat milk");
    assert_eq!(updated.description, "Two litres");
    assert_eq!((updated.version, updated.etag.as_str()), (2, "v2"));
    assert_eq!(
        screen.task().await,
        (UpdateAction::Updated, updated.clone())
    );

    // What changes nothing is no change.
    let same = update(&alice, updated.clone(), &["title", "tags"])
        .await
        .unwrap();
    assert_eq!(same, updated);
    assert_eq!(
        alice.history(&created.id, 2).await,
        ["task.created", "task.updated"]
    );
    let trail = alice.audit_trail(&created.id).await;
    let entry = trail
        .iter()
        .find(|entry| entry.event_type == "task.updated")
        .unwrap();
    assert_eq!(entry.changed_fields, ["title"]);
    assert_eq!(entry.before.as_ref().unwrap().title, "Buy milk");
    assert_eq!(entry.after, Some(updated));
    system.finish().await;
}

async fn a_stale_etag_changes_nothing(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let created = alice.create(task("Buy milk")).await;
    let titled = |title: &str| Task {
        title: title.into(),
        ..created.clone()
    };
    let first = update(&alice, titled("Buy oat milk"), &["title"])
        .await
        .unwrap();
    let status = update(&alice, titled("Buy soy milk"), &["title"])
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::Aborted);
    assert_eq!(reason(&status), "ETAG_MISMATCH");
    assert_eq!(alice.get(&created.id).await, first);
    assert_eq!(alice.history(&created.id, 2).await.len(), 2);
    system.finish().await;
}

async fn the_same_request_again_is_the_same_change(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let request = |title: &str| CreateTaskRequest {
        task: Some(task(title)),
        request_id: "4f1c7a0e-58a6-4a6e-9d52-6a8f5b3f0d11".into(),
    };
    let first = alice
        .tasks()
        .create_task(request("Buy milk"))
        .await
        .unwrap();
    let again = alice
        .tasks()
        .create_task(request("Buy milk"))
        .await
        .unwrap();
    assert_eq!(first.get_ref(), again.get_ref());
    let other = alice
        .tasks()
        .create_task(request("Buy bread"))
        .await
        .unwrap_err();
    assert_eq!(other.code(), Code::InvalidArgument);
    assert_eq!(reason(&other), "REQUEST_ID_REUSED");
    // Somebody else may use the same id.
    let bob = system.user("bob");
    let of_bob = bob.tasks().create_task(request("Buy bread")).await.unwrap();
    let of_bob = of_bob.into_inner().task.unwrap();
    assert_eq!(bob.history(&of_bob.id, 1).await, ["task.created"]);
    assert_eq!(alice.list().await.len(), 1);
    let id = first.into_inner().task.unwrap().id;
    assert_eq!(alice.history(&id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn a_task_comes_back_from_the_trash(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let created = alice.create(task("Buy milk")).await;
    screen.task().await;
    let request = DeleteTaskRequest {
        id: created.id.clone(),
        ..DeleteTaskRequest::default()
    };
    let deleted = alice.tasks().delete_task(request.clone()).await.unwrap();
    let deleted = deleted.into_inner().task.unwrap();
    assert!(deleted.deleted_at.is_some() && deleted.purge_at.is_some());
    assert_eq!(screen.task().await, (UpdateAction::Deleted, deleted));
    assert!(alice.list().await.is_empty());
    let again = alice.tasks().delete_task(request).await.unwrap_err();
    assert_eq!(again.code(), Code::NotFound, "{again}");

    let request = UndeleteTaskRequest {
        id: created.id.clone(),
        ..UndeleteTaskRequest::default()
    };
    let undeleted = alice.tasks().undelete_task(request).await.unwrap();
    let undeleted = undeleted.into_inner().task.unwrap();
    assert_eq!(screen.task().await.1, undeleted);
    assert_eq!(alice.list().await, std::slice::from_ref(&undeleted));
    assert_eq!(undeleted.status(), TaskStatus::Pending);
    assert_eq!(
        alice.history(&created.id, 3).await,
        ["task.created", "task.deleted", "task.updated"]
    );
    let trail = alice.audit_trail(&created.id).await;
    assert!(
        trail
            .iter()
            .all(|entry| entry.source == AppId::BackendApi.as_str())
    );
    system.finish().await;
}

async fn update(user: &User, task: Task, mask: &[&str]) -> Result<Task, Status> {
    let paths = mask.iter().map(|path| (*path).to_owned()).collect();
    let request = UpdateTaskRequest {
        task: Some(task),
        update_mask: Some(FieldMask { paths }),
        ..UpdateTaskRequest::default()
    };
    let response = user.tasks().update_task(request).await?;
    Ok(response.into_inner().task.unwrap())
}

fn reason(status: &Status) -> String {
    status.get_details_error_info().unwrap().reason
}
