//! A user who changes tasks, whether the process lives or not.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use proto::{
    google_type::Date,
    v1::{CompleteTaskRequest, CreateTaskRequest, Due, Task, UpdateTaskRequest, due::When},
};
use rand::{Rng as _, rngs::StdRng, seq::IndexedRandom as _};
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};
use tonic::{Code, Status};
use uuid::Builder;

use super::journal::{Change, Journal};
use crate::{client::User, process::PATIENCE};

/// The time between two attempts at the same change.
const INTERVAL: Duration = Duration::from_millis(50);

/// How many changes may be asked for.
pub(super) struct Allowance {
    left: AtomicUsize,
    now: Semaphore,
}

/// A user who changes tasks.
pub(super) struct Writer {
    name: String,
    user: User,
    random: StdRng,
    allowance: Arc<Allowance>,
    journal: Journal,
    /// The tasks whose state is known, and that are still to do.
    pending: Vec<String>,
}

impl Allowance {
    /// So many altogether, none of them yet.
    pub(super) fn new(all: usize) -> Self {
        Self {
            left: AtomicUsize::new(all),
            now: Semaphore::new(0),
        }
    }

    /// So many more from now on.
    pub(super) fn grant(&self, more: usize) {
        self.now.add_permits(more);
    }

    /// Waits for the next one, until there are no more; gives its number, counted backwards.
    async fn next(&self) -> Option<usize> {
        let less_one = |left: usize| left.checked_sub(1);
        let number = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less_one)
            .ok()?;
        let permit = self.now.acquire().await;
        permit.expect("it is never closed").forget();
        Some(number)
    }
}

impl Writer {
    /// A user who has no tasks yet.
    pub(super) fn new(name: String, user: User, random: StdRng, allowance: Arc<Allowance>) -> Self {
        Self {
            journal: Journal::new(name.clone()),
            name,
            user,
            random,
            allowance,
            pending: Vec::new(),
        }
    }

    /// Asks for changes as long as there are some to ask for.
    pub(super) async fn run(mut self) -> Journal {
        while let Some(number) = self.allowance.next().await {
            let change = self.choose(number);
            if let Change::Complete { id } = &change {
                self.pending.retain(|pending| pending != id);
            }
            let answer = self.ask(&change).await;
            match (&change, &answer) {
                (Change::Create { .. }, Some(task)) => self.pending.push(task.id.clone()),
                // Whether it has changed is not known, so nothing can be expected of it.
                (Change::Update { id, .. }, None) => self.pending.retain(|pending| pending != id),
                _ => {}
            }
            self.journal.note(change, answer);
        }
        self.journal
    }

    fn choose(&mut self, number: usize) -> Change {
        let mark = format!("{} {number}", self.name);
        let dice = self.random.random_range(0..100);
        match self.pending.choose(&mut self.random) {
            Some(id) if dice < 30 => Change::Update {
                id: id.clone(),
                description: mark,
            },
            Some(id) if dice < 55 => Change::Complete { id: id.clone() },
            _ => Change::Create {
                title: mark,
                recurs: self.random.random_ratio(1, 3),
            },
        }
    }

    /// Asks once and accepts not to know, or asks with the same request id until there is an answer.
    async fn ask(&mut self, change: &Change) -> Option<Task> {
        let insists = self.random.random_bool(0.7);
        let request_id = Builder::from_random_bytes(self.random.random()).into_uuid();
        let request_id = request_id.to_string();
        let given_up = Instant::now() + PATIENCE;
        loop {
            let answer = self.send(change, &request_id).await;
            if answer.is_some() || !insists {
                return answer;
            }
            assert!(Instant::now() < given_up, "never answered: {change:?}");
            sleep(INTERVAL).await;
        }
    }

    async fn send(&self, change: &Change, request_id: &str) -> Option<Task> {
        let request_id = request_id.to_owned();
        let mut tasks = self.user.tasks.clone();
        let answer = match change.clone() {
            Change::Create { title, recurs } => {
                let request = CreateTaskRequest {
                    task: Some(new_task(title, recurs)),
                    request_id,
                };
                let answer = tasks.create_task(request).await;
                answer.map(|answer| answer.into_inner().task)
            }
            Change::Update { id, description } => {
                let task = Task {
                    id,
                    description,
                    ..Task::default()
                };
                let request = UpdateTaskRequest {
                    task: Some(task),
                    request_id,
                    ..UpdateTaskRequest::default()
                };
                let answer = tasks.update_task(request).await;
                answer.map(|answer| answer.into_inner().task)
            }
            Change::Complete { id } => {
                let request = CompleteTaskRequest {
                    id,
                    request_id,
                    ..CompleteTaskRequest::default()
                };
                let answer = tasks.complete_task(request).await;
                answer.map(|answer| answer.into_inner().task)
            }
        };
        match answer {
            Ok(task) => Some(task.expect("the answer has a task")),
            Err(status) => {
                assert!(is_of_a_killed_process(&status), "{change:?}: {status:?}");
                None
            }
        }
    }
}

fn new_task(title: String, recurs: bool) -> Task {
    let mut task = Task {
        title,
        ..Task::default()
    };
    if recurs {
        let date = Date {
            year: 2030,
            month: 1,
            day: 31,
        };
        task.due = Some(Due {
            when: Some(When::Date(date)),
            ..Due::default()
        });
        "daily".clone_into(&mut task.recurring_rule);
    }
    task
}

/// Whether a failure may come from a connection that broke, or from a process that is not ready:
/// it leaves open whether the change happened. Anything else would be an answer to a right request.
fn is_of_a_killed_process(status: &Status) -> bool {
    match status.code() {
        Code::Unavailable | Code::Cancelled | Code::DeadlineExceeded => true,
        // The client's own transport says these of a broken stream; the server's carry details.
        Code::Unknown | Code::Internal => status.details().is_empty(),
        _ => false,
    }
}
