//! One tenant's ids in another's hands.

use serde_json::json;
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, BOB, NOBODYS_ID, id, titles},
    tasks::full,
};

service_kit::on_every_database!(
    anothers_task_is_as_one_that_does_not_exist,
    anothers_tasks_are_in_no_list_and_no_count,
    anothers_page_token_opens_nothing,
    each_user_has_a_profile_of_their_own,
);

async fn anothers_task_is_as_one_that_does_not_exist(database: Database) {
    let api = Api::start(database).await;
    let pending = id(&api.create(full()).await);
    let completed = api.create_titled("completed").await;
    api.ok("CompleteTask", json!({ "id": completed })).await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    let before = api.told().await;
    for task in [&pending, &completed, &deleted] {
        let calls = |id: &str| {
            [
                ("GetTask", json!({ "id": id })),
                (
                    "UpdateTask",
                    json!({ "task": { "id": id, "title": "Bob was here" } }),
                ),
                ("DeleteTask", json!({ "id": id })),
                ("UndeleteTask", json!({ "id": id })),
                ("CompleteTask", json!({ "id": id })),
                ("ReopenTask", json!({ "id": id })),
                ("SkipOccurrence", json!({ "id": id })),
                ("PreviewOccurrences", json!({ "task_id": id })),
                // Nor does the etag tell: it is not even looked at.
                ("DeleteTask", json!({ "id": id, "etag": "v99" })),
            ]
        };
        for ((method, anothers), (_, nobodys)) in calls(task).into_iter().zip(calls(NOBODYS_ID)) {
            let anothers = api.call(BOB, method, anothers).await.unwrap_err();
            let nobodys = api.call(BOB, method, nobodys).await.unwrap_err();
            assert_eq!(
                (anothers.code.as_str(), anothers.reason.as_str()),
                ("NotFound", "NOT_FOUND")
            );
            assert_eq!(anothers, nobodys, "{method}");
        }
    }
    assert_eq!(api.told().await, before);
    assert_eq!(api.get(&pending).await["title"], "Water the plants");
}

async fn anothers_tasks_are_in_no_list_and_no_count(database: Database) {
    let api = Api::start(database).await;
    api.create(full()).await;
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    let requests = [
        json!({}),
        json!({ "filter": { "trash": "TRASH_FILTER_INCLUDE" }, "order_by": "due" }),
        json!({ "filter": { "search": "plants" } }),
        json!({ "filter": { "tags": ["green"] } }),
    ];
    for request in requests {
        assert_eq!(api.call(BOB, "ListTasks", request).await, Ok(json!({})));
    }
    assert_eq!(
        api.call(BOB, "GetTaskStats", json!({})).await,
        Ok(json!({}))
    );
}

async fn anothers_page_token_opens_nothing(database: Database) {
    let api = Api::start(database).await;
    for user in [ALICE, BOB] {
        for title in ["one", "two"] {
            let request = json!({ "task": { "title": format!("{user} {title}") } });
            api.call(user, "CreateTask", request).await.unwrap();
        }
    }
    let first = api
        .ok("ListTasks", json!({ "page_size": 1, "order_by": "title" }))
        .await;
    let next = json!({
        "page_size": 1,
        "order_by": "title",
        "page_token": first["next_page_token"],
    });
    let refusal = api.call(BOB, "ListTasks", next.clone()).await.unwrap_err();
    let refused = ("InvalidArgument", "INVALID_PAGE_TOKEN", vec!["page_token"]);
    assert_eq!(refusal.outline(), refused);
    assert_eq!(titles(&api.ok("ListTasks", next).await), ["alice two"]);
}

async fn each_user_has_a_profile_of_their_own(database: Database) {
    let api = Api::start(database).await;
    let moved = json!({ "profile": { "time_zone": "Asia/Tokyo" } });
    api.ok("UpdateProfile", moved).await;
    let bobs = api.call(BOB, "GetProfile", json!({})).await.unwrap();
    assert_eq!(bobs["profile"]["time_zone"], "UTC");
}
