use jiff::{SignedDuration, Timestamp};

use crate::{Due, ReminderId};

mod plan;

pub(crate) use plan::{Carried, ReminderPlan, carry};

/// The most reminders of a task.
pub const MAX_REMINDERS: usize = 5;

/// The longest time before a due at which a reminder can go off: 366 days.
pub const MAX_BEFORE_DUE: SignedDuration = SignedDuration::from_hours(366 * 24);

/// A moment at which the user wants to be told of a task, and where its delivery stands.
///
/// Delivery never changes the task's version: a reminder is claimed and marked without an edit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Reminder {
    /// Names the reminder.
    pub id: ReminderId,
    /// When the user wants to be told.
    pub when: ReminderTime,
    /// The moment at which it goes off next or went off last. It follows from `when` and the
    /// task's due, unless the reminder was snoozed.
    pub fire_at: Timestamp,
    /// Where its delivery stands.
    pub state: ReminderState,
}

/// A reminder as a user gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReminderInput {
    /// The reminder of the task that is meant; `None` is a new one, or the one that says the same.
    pub id: Option<ReminderId>,
    /// When the user wants to be told.
    pub when: ReminderTime,
}

/// When a user wants to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReminderTime {
    /// At this moment.
    At(Timestamp),
    /// This long before the task's due, and moving along with it: whole seconds from 0 to
    /// [`MAX_BEFORE_DUE`]. Before an all-day due it counts from midnight in the due's zone.
    BeforeDue(SignedDuration),
}

/// Where the delivery of a reminder stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReminderState {
    /// Waits for its moment.
    Scheduled,
    /// Went off.
    Sent,
    /// Its moment passed while the task was completed or in the trash.
    Missed,
}

impl Reminder {
    /// The reminder after it went off.
    #[must_use]
    pub fn sent(self) -> Self {
        Self {
            state: ReminderState::Sent,
            ..self
        }
    }

    /// The reminder after its moment passed while its task was completed or in the trash.
    #[must_use]
    pub fn missed(self) -> Self {
        Self {
            state: ReminderState::Missed,
            ..self
        }
    }

    /// The reminder put off: it goes off again at `until`. What the user once asked for, `when`,
    /// is kept, so that a later edit of the due moves it as if it had never been snoozed.
    #[must_use]
    pub fn snooze(self, until: Timestamp) -> Self {
        Self {
            fire_at: until,
            state: ReminderState::Scheduled,
            ..self
        }
    }

    /// Whether it waits and its moment has come.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.state == ReminderState::Scheduled && self.fire_at <= now
    }

    /// The reminder of a task that comes back at `now`: what should have gone off meanwhile stays
    /// quiet.
    pub(crate) fn back_at(self, now: Timestamp) -> Self {
        if self.is_due(now) {
            self.missed()
        } else {
            self
        }
    }
}

impl ReminderTime {
    /// The moment that this means for a task with this due; `None` if it counts from a due that
    /// is not there.
    pub fn moment(self, due: Option<&Due>) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            // Dues begin in 1970 and a year before that is within the calendar.
            Self::BeforeDue(before) => due.and_then(|due| due.starts_at().checked_sub(before).ok()),
        }
    }
}

impl ReminderState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Scheduled, Self::Sent, Self::Missed];

    /// The state's name in storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scheduled => "scheduled",
            Self::Sent => "sent",
            Self::Missed => "missed",
        }
    }

    /// The state of a name; `None` for a text that is none.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}
