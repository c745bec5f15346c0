//! One of the two replicas of a service is killed in the middle of a burst of changes, while screens
//! are open.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use domain::AppId;
use e2e::{Process, User};
use proto::v1::{CompleteTaskRequest, CreateTaskRequest, RecurrenceMode, Task};
use service_kit::{Clock as _, SystemClock};
use testkit::{eventually, instant, task};
use tokio::task::JoinSet;
use tonic::{Code, Status};

use crate::{
    Turn, kill,
    screens::{Screens, Tally},
};

const USERS: usize = 6;

/// Tasks of each user: made, completed, and followed by another.
const EACH: usize = 20;

/// The time until another replica is asked.
const PAUSE: Duration = Duration::from_millis(100);

#[tokio::test]
async fn backend_api_is_killed() {
    killed(Process::Service(AppId::BackendApi, 0)).await;
}

#[tokio::test]
async fn recurring_service_is_killed() {
    killed(Process::Service(AppId::RecurringService, 0)).await;
}

#[tokio::test]
async fn audit_service_is_killed() {
    killed(Process::Service(AppId::AuditService, 0)).await;
}

#[tokio::test]
async fn realtime_service_is_killed() {
    killed(Process::Service(AppId::RealtimeService, 0)).await;
}

#[expect(
    clippy::print_stdout,
    reason = "how long it takes is of interest, and no test's business"
)]
async fn killed(victim: Process) {
    let turn = Turn::begin().await;
    let system = &turn.system;
    let pid = system.pid(victim).await;
    let mut users = Vec::new();
    for number in 0..USERS {
        users.push(system.user(&format!("burst-{victim}-{number}")).await);
    }
    let screens = Screens::open(&users, system.replicas()).await;

    let done = Arc::new(AtomicUsize::new(0));
    let mut bursts = JoinSet::new();
    for user in users.clone() {
        bursts.spawn(burst(user, Arc::clone(&done)));
    }
    eventually("the middle of the burst", async || {
        (USERS * EACH / 2 <= done.load(Ordering::Relaxed)).then_some(())
    })
    .await;
    kill(pid);
    let killed_at = SystemClock.now();
    let again: usize = bursts.join_all().await.into_iter().sum();

    for user in &users {
        user.logs(3 * EACH).await;
    }
    let whole_at = SystemClock.now();
    system.at_rest().await;
    for user in &users {
        let logs = user.all_logs().await.unwrap();
        assert_eq!(
            logs.len(),
            3 * EACH,
            "created, completed, and followed by one"
        );
        let tasks = user.all_tasks().await.unwrap();
        assert_eq!(tasks.len(), 2 * EACH);
    }
    let Tally { breaks, repeats } = screens.assert_each_has_shown(3 * EACH).await;
    println!(
        "{victim} killed in a burst of {} events: {again} calls were made again, {breaks} streams broke \
         off, {repeats} updates came once more, and every event was audited {:#} later",
        3 * EACH * USERS,
        whole_at.duration_since(killed_at),
    );
    turn.end().await;
}

/// Makes tasks and completes them, by either replica. Gives how many calls were made again.
async fn burst(user: User, done: Arc<AtomicUsize>) -> usize {
    let mut again = 0;
    for number in 0..EACH {
        let request = CreateTaskRequest {
            task: Some(daily(number)),
            request_id: request_id(number, 1),
        };
        let created = until_answered(number, &mut again, |replica| {
            let (mut tasks, request) = (user.tasks(replica), request.clone());
            async move { tasks.create_task(request).await }
        });
        let request = CompleteTaskRequest {
            id: created.await.into_inner().task.unwrap().id,
            request_id: request_id(number, 2),
            ..CompleteTaskRequest::default()
        };
        let completed = until_answered(number, &mut again, |replica| {
            let (mut tasks, request) = (user.tasks(replica), request.clone());
            async move { tasks.complete_task(request).await }
        });
        completed.await;
        done.fetch_add(1, Ordering::Relaxed);
    }
    again
}

/// Asks one replica after the other until there is an answer. The same request is one change, so it
/// may be sent again where nobody knows what became of it.
async fn until_answered<T, F>(first: usize, again: &mut usize, ask: impl Fn(usize) -> F) -> T
where
    F: Future<Output = Result<T, Status>>,
{
    const TRIES: usize = 100;
    for number in first..first + TRIES {
        match ask(number % 2).await {
            Ok(answer) => return answer,
            Err(status) => {
                let is_away = [Code::Unavailable, Code::Unknown, Code::Cancelled];
                assert!(is_away.contains(&status.code()), "{status:?}");
                *again += 1;
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
    panic!("no replica answered {TRIES} times");
}

fn request_id(number: usize, step: usize) -> String {
    format!("00000000-0000-4000-8{step:03}-{number:012}")
}

fn daily(number: usize) -> Task {
    Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        recurrence_mode: RecurrenceMode::EveryOccurrence.into(),
        ..task(&format!("Task {number}"))
    }
}
