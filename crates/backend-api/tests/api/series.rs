//! Tasks that follow each other.

use serde_json::{Value, json};
use service_kit::testing::Database;

use crate::{
    served::{ALICE, Api, id, plainly},
    tasks::full,
};

service_kit::on_every_database!(
    reopening_takes_back_an_untouched_successor,
    reopening_keeps_a_touched_successor,
    a_successor_that_was_taken_back_can_come_back_on_its_own,
    one_occurrence_moves_alone_or_with_those_that_follow,
    skipping_goes_on_to_the_end_of_the_series,
    a_preview_is_what_then_happens,
);

fn named(id: &str) -> Value {
    json!({ "id": id })
}

async fn reopening_takes_back_an_untouched_successor(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    api.ok("CompleteTask", named(&task)).await;
    let successor = api.make_successor(&task).await;
    assert_eq!(api.get(&task).await["successor_task_id"], successor);
    let before = api.events().await.len();

    let reopened = api.ok("ReopenTask", named(&task)).await["task"].clone();
    assert_eq!(reopened["status"], "TASK_STATUS_PENDING");
    assert_eq!(reopened.get("successor_task_id"), None);
    let taken_back = api.get(&successor).await;
    assert_eq!(taken_back["deleted_at"], "2026-03-02T09:00:00Z");
    assert_eq!(taken_back.get("predecessor_task_id"), None);
    let told = api.told().await.split_off(before);
    let expected = [
        "task-deleted #3 Water the plants v2",
        "task-updates #3 Deleted Water the plants v2",
        "task-updated #4 Water the plants v3 status,successor_task_id,completed_at",
        "task-updates #4 Updated Water the plants v3",
    ];
    assert_eq!(without_numbers(&told), without_numbers(&expected));

    // Completed again, it is followed again.
    api.ok("CompleteTask", named(&task)).await;
    let second = api.make_successor(&task).await;
    assert_ne!(second, successor);
    assert_eq!(api.get(&second).await["predecessor_task_id"], task);
}

async fn reopening_keeps_a_touched_successor(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    api.ok("CompleteTask", named(&task)).await;
    let successor = api.make_successor(&task).await;
    let retitled = json!({ "task": { "id": successor, "title": "Touched" } });
    api.ok("UpdateTask", retitled).await;
    let reopened = api.ok("ReopenTask", named(&task)).await["task"].clone();
    assert_eq!(reopened["successor_task_id"], successor);
    assert_eq!(api.get(&successor).await.get("deleted_at"), None);
    let completed = api.ok("CompleteTask", named(&task)).await["task"].clone();
    assert_eq!(completed["successor_task_id"], successor);
}

async fn a_successor_that_was_taken_back_can_come_back_on_its_own(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    api.ok("CompleteTask", named(&task)).await;
    let successor = api.make_successor(&task).await;
    api.ok("ReopenTask", named(&task)).await;
    let back = api.ok("UndeleteTask", named(&successor)).await["task"].clone();
    assert_eq!(back.get("predecessor_task_id"), None);
    assert_eq!(back["parent_task_id"], task);
    assert_eq!(api.get(&task).await.get("successor_task_id"), None);
}

async fn one_occurrence_moves_alone_or_with_those_that_follow(database: Database) {
    let api = Api::start(database).await;
    for (scope, next) in [
        ("SERIES_SCOPE_THIS_OCCURRENCE", "2026-03-11T09:00:00Z"),
        ("SERIES_SCOPE_THIS_AND_FOLLOWING", "2026-03-12T14:00:00Z"),
        ("SERIES_SCOPE_UNSPECIFIED", "2026-03-12T14:00:00Z"),
    ] {
        let task = api
            .create(json!({
                "title": "Swim",
                "due": { "time": "2026-03-10T09:00:00Z", "time_zone": "UTC" },
                "recurring_rule": "daily",
            }))
            .await;
        let moved = json!({
            "task": { "id": id(&task), "due": { "time": "2026-03-11T14:00:00Z", "time_zone": "UTC" } },
            "update_mask": "due",
            "series_scope": scope,
        });
        api.ok("UpdateTask", moved).await;
        let preview = json!({ "task_id": id(&task), "count": 1 });
        let preview = api.ok("PreviewOccurrences", preview).await;
        assert_eq!(preview["occurrences"][0]["due"]["time"], next, "{scope}");
    }
}

async fn skipping_goes_on_to_the_end_of_the_series(database: Database) {
    let api = Api::start(database).await;
    let task = api
        .create(json!({
            "title": "Swim",
            "due": { "date": { "year": 2026, "month": 1, "day": 31 } },
            "recurring_rule": "monthly",
            "recurring_end_date": { "year": 2026, "month": 5, "day": 30 },
            "recurrence_mode": "RECURRENCE_MODE_EVERY_OCCURRENCE",
        }))
        .await;
    let task = id(&task);
    let mut days = Vec::new();
    let refusal = loop {
        match api.call(ALICE, "SkipOccurrence", named(&task)).await {
            Ok(answer) => {
                let date = &answer["task"]["due"]["date"];
                days.push(format!("{}-{}", date["month"], date["day"]));
                assert_eq!(answer["task"]["occurrence_index"], days.len());
            }
            Err(refusal) => break refusal,
        }
    };
    assert_eq!(days, ["2-28", "3-31", "4-30"]);
    assert_eq!(
        refusal.outline(),
        plainly("FailedPrecondition", "SERIES_ENDED")
    );
    assert_eq!(api.get(&task).await["version"], "4");
}

async fn a_preview_is_what_then_happens(database: Database) {
    let api = Api::start(database).await;
    let task = id(&api.create(full()).await);
    let preview = api
        .ok(
            "PreviewOccurrences",
            json!({ "task_id": task, "count": 50 }),
        )
        .await;
    let first = preview["occurrences"][0].clone();
    assert_eq!(preview["occurrences"].as_array().unwrap().len(), 50);
    assert_eq!(preview.get("ends"), None);
    let more = api
        .ok(
            "PreviewOccurrences",
            json!({ "task_id": task, "count": 51 }),
        )
        .await;
    assert_eq!(more, preview, "50 are the most");
    let few = api
        .ok("PreviewOccurrences", json!({ "task_id": task }))
        .await;
    assert_eq!(few["occurrences"].as_array().unwrap().len(), 5);
    api.ok("CompleteTask", named(&task)).await;
    let successor = api.make_successor(&task).await;
    let successor = api.get(&successor).await;
    assert_eq!(successor["due"], first["due"]);
    assert_eq!(successor["occurrence_index"], first["index"]);
}

/// Other services' events are counted among the sequences, too.
fn without_numbers<T: AsRef<str>>(told: &[T]) -> Vec<String> {
    let without = |line: &str| {
        let words = line.split(' ').filter(|word| !word.starts_with('#'));
        words.collect::<Vec<_>>().join(" ")
    };
    told.iter().map(|line| without(line.as_ref())).collect()
}
