//! The end of an account.

use domain::{Event, Topic};
use futures::future::join_all;
use jiff::SignedDuration;
use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, BOB, id, is_farewell, plainly},
    tasks::full,
};

service_kit::on_every_database!(
    an_account_is_deleted_with_all_its_data,
    deleting_an_account_again_is_no_error,
    deletions_at_the_same_moment_are_one,
    a_deleted_account_takes_no_change,
    a_user_who_never_did_anything_can_be_deleted,
    changes_under_way_come_before_the_end_or_not_at_all,
    other_accounts_stay,
);

fn confirmed() -> Value {
    json!({ "confirm_user_id": ALICE })
}

fn farewells(events: &[Event]) -> usize {
    events.iter().filter(|event| is_farewell(event)).count()
}

async fn an_account_is_deleted_with_all_its_data(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let deleted = api.create_titled("deleted").await;
    api.ok("DeleteTask", json!({ "id": deleted })).await;
    api.ok("UpdateProfile", json!({ "profile": { "language": "de" } }))
        .await;
    let answer = api.ok("DeleteAccount", confirmed()).await;
    assert_eq!(answer, json!({ "deleted_at": "2026-03-02T09:00:00Z" }));

    let refusal = api.refused("GetTask", json!({ "id": task })).await;
    assert_eq!(refusal.outline(), plainly("NotFound", "NOT_FOUND"));
    let all = json!({ "filter": { "trash": "TRASH_FILTER_INCLUDE" } });
    assert_eq!(api.ok("ListTasks", all).await, json!({}));
    let profile = api.ok("GetProfile", json!({})).await["profile"].clone();
    assert_eq!(profile["language"], "en");
    // What was told before is still told, and the end comes last.
    let events = api.events().await;
    assert_eq!(events.len(), 7);
    let last = events.last().unwrap();
    assert!(is_farewell(last));
    assert_eq!(last.payload.topic(), Topic::TaskUpdates);
    assert_eq!(last.sequence, 4);
}

async fn deleting_an_account_again_is_no_error(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("Buy milk").await;
    let first = api.ok("DeleteAccount", confirmed()).await;
    api.advance(SignedDuration::from_secs(60));
    assert_eq!(api.ok("DeleteAccount", confirmed()).await, first);
    assert_eq!(farewells(&api.events().await), 1);
}

async fn deletions_at_the_same_moment_are_one(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("Buy milk").await;
    let calls = (0..8).map(|_| api.call(ALICE, "DeleteAccount", confirmed()));
    for outcome in join_all(calls).await {
        assert_eq!(outcome, Ok(json!({ "deleted_at": "2026-03-02T09:00:00Z" })));
    }
    assert_eq!(farewells(&api.events().await), 1);
}

async fn a_deleted_account_takes_no_change(database: Database) {
    let api = Api::start(database).await;
    api.create_titled("Buy milk").await;
    api.ok("DeleteAccount", confirmed()).await;
    let told = api.told().await;
    let request_id = "7f3b1c52-0c1f-4a57-8a53-2f6f6e1b9a01";
    let calls = [
        ("CreateTask", json!({ "task": { "title": "Buy bread" } })),
        (
            "CreateTask",
            json!({ "task": full(), "request_id": request_id }),
        ),
        ("UpdateProfile", json!({ "profile": { "language": "de" } })),
    ];
    for (method, request) in calls {
        let refusal = api.refused(method, request).await;
        let deleted = plainly("FailedPrecondition", "ACCOUNT_DELETED");
        assert_eq!(refusal.outline(), deleted, "{method}");
    }
    assert_eq!(api.told().await, told);
    assert_eq!(api.ok("ListTasks", json!({})).await, json!({}));
    assert!(!api.remembers("CreateTask", request_id, api.kit.now()).await);
}

async fn a_user_who_never_did_anything_can_be_deleted(database: Database) {
    let api = Api::start(database).await;
    api.ok("DeleteAccount", confirmed()).await;
    let request = json!({ "task": { "title": "Buy milk" } });
    let refusal = api.refused("CreateTask", request).await;
    assert_eq!(refusal.reason, "ACCOUNT_DELETED");
}

async fn changes_under_way_come_before_the_end_or_not_at_all(database: Database) {
    let api = Api::start(database).await;
    let create = |number: usize| {
        let request = json!({ "task": { "title": format!("task {number}") } });
        api.call(ALICE, "CreateTask", request)
    };
    let making = join_all((0..16).map(create));
    let (outcomes, deletion) =
        futures::join!(making, api.call(ALICE, "DeleteAccount", confirmed()));
    deletion.unwrap();
    let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    for refusal in outcomes.into_iter().filter_map(Result::err) {
        assert_eq!(refusal.reason, "ACCOUNT_DELETED");
    }
    let events = api.events().await;
    assert_eq!(events.len(), 2 * made + 1);
    assert!(is_farewell(events.last().unwrap()));
    assert_eq!(api.ok("ListTasks", json!({})).await, json!({}));
}

async fn other_accounts_stay(database: Database) {
    let api = Api::start(database).await;
    for user in [ALICE, BOB] {
        let request = json!({ "task": { "title": user } });
        api.call(user, "CreateTask", request).await.unwrap();
    }
    api.ok("DeleteAccount", confirmed()).await;
    let bobs = api.call(BOB, "ListTasks", json!({})).await.unwrap();
    assert_eq!(bobs["tasks"][0]["title"], BOB);
    let request = json!({ "task": { "title": "more" } });
    api.call(BOB, "CreateTask", request).await.unwrap();
}
