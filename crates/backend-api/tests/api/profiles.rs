//! How users read times and text.

use futures::future::join_all;
use insta::assert_json_snapshot;
use jiff::SignedDuration;
use serde_json::json;
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, plainly},
    transcript::readable,
};

service_kit::on_every_database!(
    a_profile_that_was_never_set_has_the_defaults,
    named_fields_of_a_profile_change,
    a_stale_etag_of_a_profile_is_refused,
    first_changes_at_the_same_moment_all_count,
    a_due_without_a_zone_is_in_that_of_the_profile,
);

async fn a_profile_that_was_never_set_has_the_defaults(database: Database) {
    let api = Api::start(database).await;
    let answer = api.ok("GetProfile", json!({})).await;
    assert_json_snapshot!("default_profile", answer);
    // To set what it is anyway changes nothing.
    let same = json!({ "profile": { "time_zone": "UTC" }, "update_mask": "*" });
    assert_eq!(api.ok("UpdateProfile", same).await, answer);
}

async fn named_fields_of_a_profile_change(database: Database) {
    let api = Api::start(database).await;
    let first = json!({
        "profile": { "time_zone": "europe/berlin", "language": "de-at", "first_day_of_week": "WEEKDAY_SUNDAY" },
    });
    let first = api.ok("UpdateProfile", first).await;
    assert_eq!(api.ok("GetProfile", json!({})).await, first);
    api.advance(SignedDuration::from_secs(1));
    let second = json!({
        "profile": { "time_zone": "Asia/Tokyo", "language": "ja", "etag": "v1" },
        "update_mask": "language,updatedAt",
    });
    let second = api.ok("UpdateProfile", second).await;
    assert_eq!(api.ok("GetProfile", json!({})).await, second);
    api.advance(SignedDuration::from_secs(1));
    let cleared = json!({ "profile": {}, "update_mask": "*" });
    let cleared = api.ok("UpdateProfile", cleared).await;
    let answers = json!({ "first": first, "second": second, "cleared": cleared });
    assert_json_snapshot!("profile", readable(answers));
    assert!(api.events().await.is_empty());
}

async fn a_stale_etag_of_a_profile_is_refused(database: Database) {
    let api = Api::start(database).await;
    let to =
        |language: &str, etag: &str| json!({ "profile": { "language": language, "etag": etag } });
    api.ok("UpdateProfile", to("de", "v0")).await;
    let refusal = api.refused("UpdateProfile", to("fr", "v0")).await;
    assert_eq!(refusal.outline(), plainly("Aborted", "ETAG_MISMATCH"));
    assert_eq!(
        refusal.message,
        "the profile has changed: read it again and repeat"
    );
    let profile = api.ok("GetProfile", json!({})).await;
    assert_eq!(profile["profile"]["language"], "de");
}

/// There is no row yet that could be locked.
async fn first_changes_at_the_same_moment_all_count(database: Database) {
    let api = Api::start(database).await;
    let changes = [
        json!({ "profile": { "language": "de" } }),
        json!({ "profile": { "time_zone": "Europe/Berlin" } }),
    ];
    let outcomes = join_all(changes.map(|change| api.call(ALICE, "UpdateProfile", change))).await;
    for outcome in outcomes {
        outcome.unwrap();
    }
    let profile = api.ok("GetProfile", json!({})).await["profile"].clone();
    assert_eq!(profile["language"], "de");
    assert_eq!(profile["time_zone"], "Europe/Berlin");
    assert_eq!(profile["etag"], "v2");
}

async fn a_due_without_a_zone_is_in_that_of_the_profile(database: Database) {
    let api = Api::start(database).await;
    let moved = json!({ "profile": { "time_zone": "America/New_York" } });
    api.ok("UpdateProfile", moved).await;
    let due = json!({ "date": { "year": 2026, "month": 3, "day": 10 } });
    let reminders = json!([{ "before_due": "0s" }]);
    let task = json!({ "title": "Buy milk", "due": due, "reminders": reminders });
    let task = api.create(task).await;
    assert_eq!(task["due"]["time_zone"], "America/New_York");
    assert_eq!(task["reminders"][0]["fire_at"], "2026-03-10T04:00:00Z");
    let due = json!({ "time": "2026-03-11T09:00:00Z" });
    let edit = json!({ "task": { "id": task["id"], "due": due } });
    let edited = api.ok("UpdateTask", edit).await["task"].clone();
    assert_eq!(edited["due"]["time_zone"], "America/New_York");
    let draft = json!({ "due": due, "recurring_rule": "daily" });
    let preview = api
        .ok("PreviewOccurrences", json!({ "draft": draft, "count": 1 }))
        .await;
    let zone = &preview["occurrences"][0]["due"]["time_zone"];
    assert_eq!(zone, "America/New_York");
}
