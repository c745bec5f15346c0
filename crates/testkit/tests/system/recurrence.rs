//! Tasks that come back.

use domain::{AppId, Topic};
use jiff::SignedDuration;
use proto::{
    v1::{
        DeleteTaskRequest, ReopenTaskRequest, SeriesScope, SkipOccurrenceRequest, Task, TaskStatus,
        UndeleteTaskRequest, UpdateTaskRequest,
    },
    wkt::FieldMask,
};
use testkit::{Database, Disturbance, Plan, System, User, instant, on_every_database, task};
use tonic::{Code, Status};

on_every_database!(
    nine_o_clock_stays_nine_o_clock_over_the_clock_change,
    one_occurrence_is_skipped,
    moving_one_occurrence_keeps_the_series,
    re_anchoring_moves_what_follows,
    a_missed_day_is_not_made_up_for,
);

/// Berlin turns its clocks on 2026-03-29 at 01:00Z.
async fn nine_o_clock_stays_nine_o_clock_over_the_clock_change(database: Database) {
    let system = Plan::new(database).at("2026-03-28T08:30:00Z").start().await;
    let alice = system.user("alice");
    let first = Task {
        due: instant("2026-03-28T09:00:00+01:00", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let first = alice.create(first).await;
    alice.complete(&first.id).await;

    let second = alice.successor(&first.id).await;
    assert_eq!(
        second.due,
        instant("2026-03-29T09:00:00+02:00", "Europe/Berlin")
    );
    assert_eq!(second.status(), TaskStatus::Pending);
    assert_eq!(second.predecessor_task_id, first.id);
    assert_eq!(
        alice.history(&first.id, 2).await,
        ["task.created", "task.completed"]
    );
    assert_eq!(alice.history(&second.id, 1).await, ["task.created"]);
    system.finish().await;
}

async fn one_occurrence_is_skipped(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let first = alice.create(daily()).await;
    let request = SkipOccurrenceRequest {
        id: first.id.clone(),
        ..SkipOccurrenceRequest::default()
    };
    let skipped = alice.tasks().skip_occurrence(request).await.unwrap();
    let skipped = skipped.into_inner().task.unwrap();
    assert_eq!(skipped.id, first.id);
    assert_eq!(
        skipped.due,
        instant("2026-03-03T10:00:00Z", "Europe/Berlin")
    );
    alice.complete(&first.id).await;
    let next = alice.successor(&first.id).await;
    assert_eq!(next.due, instant("2026-03-04T10:00:00Z", "Europe/Berlin"));
    assert_eq!(
        alice.history(&first.id, 3).await,
        ["task.created", "task.updated", "task.completed"]
    );
    system.finish().await;
}

async fn moving_one_occurrence_keeps_the_series(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let first = alice.create(daily()).await;
    let moved = instant("2026-03-02T18:30:00Z", "Europe/Berlin");
    let moved = Task {
        due: moved,
        ..first
    };
    move_it(&alice, &moved, SeriesScope::ThisOccurrence).await;
    alice.complete(&moved.id).await;
    let next = alice.successor(&moved.id).await;
    assert_eq!(next.due, instant("2026-03-03T10:00:00Z", "Europe/Berlin"));
    system.finish().await;
}

async fn re_anchoring_moves_what_follows(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let first = alice.create(daily()).await;
    let moved = instant("2026-03-02T18:30:00Z", "Europe/Berlin");
    let moved = Task {
        due: moved,
        ..first
    };
    move_it(&alice, &moved, SeriesScope::ThisAndFollowing).await;
    alice.complete(&moved.id).await;
    let next = alice.successor(&moved.id).await;
    assert_eq!(next.due, instant("2026-03-03T18:30:00Z", "Europe/Berlin"));
    system.finish().await;
}

async fn a_missed_day_is_not_made_up_for(database: Database) {
    let system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let first = alice.create(daily()).await;
    system.turn(SignedDuration::from_hours(72));
    alice.complete(&first.id).await;
    let next = alice.successor(&first.id).await;
    assert_eq!(next.due, instant("2026-03-05T10:00:00Z", "Europe/Berlin"));
    system.finish().await;
}

/// What may happen to a task that has been completed once, in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Complete,
    Reopen,
    Delete,
    Undelete,
    /// The completions that were held back so far arrive.
    Arrive,
    /// Everything that arrived comes again.
    Redeliver,
}

const STEPS: [Step; 6] = [
    Step::Complete,
    Step::Reopen,
    Step::Delete,
    Step::Undelete,
    Step::Arrive,
    Step::Redeliver,
];

/// How many steps follow the first completion, before all that is left arrives twice. The longer
/// orders are tried on the handler alone, by the tests of recurring-service.
const LENGTH: u32 = 2;

/// Whatever the order, in the end a completed task has one live successor, a pending one none.
#[tokio::test]
async fn every_order_of_steps_and_deliveries_ends_well() {
    let system = Plan::new(Database::Sqlite).start().await;
    // Only the test delivers completions, and nothing is remembered but in the database.
    system.disturb(usize::MAX, Disturbance::Swallow, |call| {
        call.delivers(AppId::RecurringService, Topic::TaskCompleted.name())
    });
    system.disturb(usize::MAX, Disturbance::Fail(Code::Unavailable), |call| {
        call.app == AppId::RecurringService
            && matches!(call.method.as_str(), "GetState" | "SaveState")
    });
    let choices = STEPS.len();
    for number in 0..choices.pow(LENGTH) {
        let steps: Vec<Step> = (0..LENGTH)
            .map(|place| STEPS[number / choices.pow(place) % choices])
            .collect();
        system.forget_deliveries();
        let user = system.user(&format!("user-{number}"));
        run_order(&system, &user, &steps).await;
    }
    system.finish().await;
}

async fn run_order(system: &System, user: &User, steps: &[Step]) {
    let first = user.create(daily()).await;
    let id = first.id.clone();
    user.complete(&id).await;
    let mut completions = 1;
    for step in steps {
        match step {
            // A step that is not possible now is refused, and changes nothing.
            Step::Complete => {
                let request = proto::v1::CompleteTaskRequest {
                    id: id.clone(),
                    ..proto::v1::CompleteTaskRequest::default()
                };
                let done = possible(user.tasks().complete_task(request).await.map(drop));
                completions += usize::from(done);
            }
            Step::Reopen => {
                let request = ReopenTaskRequest {
                    id: id.clone(),
                    ..ReopenTaskRequest::default()
                };
                possible(user.tasks().reopen_task(request).await.map(drop));
            }
            Step::Delete => {
                let request = DeleteTaskRequest {
                    id: id.clone(),
                    ..DeleteTaskRequest::default()
                };
                possible(user.tasks().delete_task(request).await.map(drop));
            }
            Step::Undelete => {
                let request = UndeleteTaskRequest {
                    id: id.clone(),
                    ..UndeleteTaskRequest::default()
                };
                possible(user.tasks().undelete_task(request).await.map(drop));
            }
            Step::Arrive => deliver(system, &id, completions).await,
            Step::Redeliver => redeliver(system, &id).await,
        }
    }
    deliver(system, &id, completions).await;
    redeliver(system, &id).await;

    let task = user.get(&id).await;
    let all = user.list().await;
    let live = all
        .iter()
        .filter(|other| other.predecessor_task_id == id)
        .count();
    let expected = usize::from(task.status() == TaskStatus::Completed);
    assert_eq!(
        live, expected,
        "{steps:?} left {live} successors: {task:#?}"
    );
    let linked = !task.successor_task_id.is_empty();
    assert_eq!(linked, expected == 1, "{steps:?}: {task:#?}");
}

/// Delivers the completions of a task once they have all come to the door.
async fn deliver(system: &System, id: &str, completions: usize) {
    testkit::eventually("the completions come to the door", async || {
        (completions <= of_task(system, id).len()).then_some(())
    })
    .await;
    redeliver(system, id).await;
}

async fn redeliver(system: &System, id: &str) {
    for delivery in of_task(system, id) {
        system.redeliver(&delivery).await;
    }
}

fn of_task(system: &System, id: &str) -> Vec<std::sync::Arc<testkit::Call>> {
    let mut deliveries = system.deliveries(AppId::RecurringService);
    deliveries.retain(|call| call.mentions(id));
    deliveries
}

/// Whether a step was possible. Panics if it failed in another way.
fn possible(answer: Result<(), Status>) -> bool {
    let Err(status) = answer else { return true };
    let refusals = [
        Code::FailedPrecondition,
        Code::NotFound,
        Code::AlreadyExists,
    ];
    assert!(refusals.contains(&status.code()), "{status}");
    false
}

async fn move_it(user: &User, task: &Task, scope: SeriesScope) {
    let request = UpdateTaskRequest {
        task: Some(task.clone()),
        update_mask: Some(FieldMask {
            paths: vec!["due".into()],
        }),
        series_scope: scope.into(),
        ..UpdateTaskRequest::default()
    };
    user.tasks().update_task(request).await.unwrap();
}

fn daily() -> Task {
    Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    }
}
