//! A user at one of their devices who changes tasks, whatever lives and whatever is away.

mod request;
mod tasks;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use proto::{
    google_type::Date,
    v1::{Due, RecurrenceMode, Reminder, Task, due::When, reminder},
};
use rand::{Rng as _, rngs::StdRng};
use service_kit::{Clock as _, SystemClock};
use tokio::time::{Instant, sleep};
use uuid::Builder;

use self::{request::send, tasks::Tasks};
use crate::{
    journal::{Change, Journal},
    user::User,
};

/// The time between two attempts at the same change.
const INTERVAL: Duration = Duration::from_millis(50);

/// How long is insisted on a change. Longer than anything is away.
const INSISTENCE: Duration = Duration::from_mins(3);

/// A user at one of their devices.
#[derive(Debug)]
pub struct Writer {
    user: User,
    /// What its marks begin with.
    device: String,
    random: StdRng,
    /// The replica that is asked first; after a failure it is another one.
    replica: usize,
    journal: Journal,
    tasks: Tasks,
    marks: usize,
    /// How far ahead the reminders are, at most, that are to go off soon.
    soon: Duration,
}

impl Writer {
    /// A device of a user, of which there may be several at a time, on a replica of its own. The
    /// reminders that it sets go off within `soon`.
    pub fn new(user: User, device: usize, random: StdRng, soon: Duration) -> Self {
        Self {
            device: format!("{}/{device}", user.name()),
            replica: device % user.replicas(),
            journal: Journal::new(user.name()),
            user,
            random,
            tasks: Tasks::default(),
            marks: 0,
            soon,
        }
    }

    /// Changes something.
    pub async fn change_something(&mut self) {
        if self.random.random_ratio(1, 8) {
            self.look_for_successor().await;
        }
        let change = self.choose();
        let insists = self.random.random_bool(0.7);
        self.ask(change, insists).await;
    }

    /// A change that must be made, however long it takes.
    pub async fn insist(&mut self, change: Change) -> Task {
        let answer = self.ask(change, true).await;
        answer.expect("what is insisted on is answered")
    }

    /// Everything that was asked for.
    pub fn into_journal(self) -> Journal {
        self.journal
    }

    /// A task with a title of its own.
    pub fn new_task(&mut self) -> Task {
        Task {
            title: self.mark(),
            ..Task::default()
        }
    }

    /// A task that comes back every day.
    pub fn new_daily_task(&mut self) -> Task {
        let date = Date {
            year: 2030,
            month: 1,
            day: 31,
        };
        Task {
            due: Some(Due {
                when: Some(When::Date(date)),
                ..Due::default()
            }),
            recurring_rule: "daily".to_owned(),
            ..self.new_task()
        }
    }

    /// A task with a reminder at a moment.
    pub fn new_reminding_task(&mut self, moment: Timestamp) -> Task {
        let reminder = Reminder {
            when: Some(reminder::When::Time(moment.into())),
            ..Reminder::default()
        };
        Task {
            reminders: vec![reminder],
            ..self.new_task()
        }
    }

    /// A task that is due at a moment, with a reminder so long before.
    fn new_due_task(&mut self, moment: Timestamp, before: SignedDuration) -> Task {
        let reminder = Reminder {
            when: Some(reminder::When::BeforeDue(before.into())),
            ..Reminder::default()
        };
        Task {
            due: Some(Due {
                when: Some(When::Time(moment.into())),
                time_zone: "UTC".to_owned(),
            }),
            reminders: vec![reminder],
            ..self.new_task()
        }
    }

    /// A daily task that was due yesterday, and reminds of itself at once. What follows it is due
    /// soon, and reminds of itself then.
    fn new_late_task(&mut self, moment: Timestamp) -> Task {
        let day = SignedDuration::from_hours(24);
        let yesterday = moment.saturating_sub(day).unwrap_or(moment);
        let mut task = self.new_due_task(yesterday, SignedDuration::ZERO);
        "daily".clone_into(&mut task.recurring_rule);
        task.set_recurrence_mode(RecurrenceMode::EveryOccurrence);
        task
    }

    fn choose(&mut self) -> Change {
        let dice = self.random.random_range(0..100);
        let (random, tasks) = (&mut self.random, &self.tasks);
        let id = match dice {
            0..48 => tasks.pending(random),
            48..58 => tasks.completed(random),
            58..68 => tasks.present(random),
            68..75 => tasks.deleted(random),
            _ => None,
        };
        match (id, dice) {
            (None, _) => Change::Create(Box::new(self.choose_task())),
            (Some(id), 0..25) => {
                let description = self.mark();
                Change::Update { id, description }
            }
            (Some(id), 25..48) => Change::Complete { id },
            (Some(id), 48..58) => Change::Reopen { id },
            (Some(id), 58..68) => Change::Delete { id },
            (Some(id), _) => Change::Undelete { id },
        }
    }

    fn choose_task(&mut self) -> Task {
        let ahead = self.random.random_range(0..=self.soon.as_millis());
        let ahead = Duration::from_millis(u64::try_from(ahead).unwrap_or(0));
        let now = SystemClock.now();
        let moment = now.saturating_add(ahead).unwrap_or(now);
        let before = SignedDuration::from_secs(self.random.random_range(0..10));
        match self.random.random_range(0..100) {
            0..25 => self.new_daily_task(),
            25..40 => self.new_late_task(moment),
            40..55 => self.new_reminding_task(moment),
            55..65 => self.new_due_task(moment, before),
            _ => self.new_task(),
        }
    }

    /// What no other change of this user says.
    fn mark(&mut self) -> String {
        self.marks += 1;
        format!("{} {}", self.device, self.marks)
    }

    /// Asks once and accepts not to know, or asks with the same request id until there is an answer.
    async fn ask(&mut self, change: Change, insists: bool) -> Option<Task> {
        let request_id = Builder::from_random_bytes(self.random.random()).into_uuid();
        let request_id = request_id.to_string();
        let given_up = Instant::now() + INSISTENCE;
        let answer = loop {
            let answer = send(&self.user, self.replica, &change, &request_id).await;
            if answer.is_some() {
                break answer;
            }
            self.replica = (self.replica + 1) % self.user.replicas();
            if !insists {
                break None;
            }
            assert!(
                Instant::now() < given_up,
                "{}: never answered: {change:?}",
                self.device
            );
            sleep(INTERVAL).await;
        };
        self.tasks.note(&change, answer.as_ref());
        self.journal.note(change, answer.clone());
        answer
    }

    /// What followed a completed task may be changed, too, once it has been seen.
    async fn look_for_successor(&mut self) {
        let Some(id) = self.tasks.recurred(&mut self.random) else {
            return;
        };
        let Ok(task) = self.user.get(self.replica, &id).await else {
            return;
        };
        if task.successor_task_id.is_empty() {
            return;
        }
        let successor = self.user.get(self.replica, &task.successor_task_id).await;
        if let Ok(successor) = successor {
            self.tasks.adopt(&successor);
        }
    }
}
