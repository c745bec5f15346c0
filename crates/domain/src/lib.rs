//! What a task is and may become: values, transitions, recurrence, reminders and events, without I/O.
//!
//! Every crate of the workspace that speaks of tasks uses this one, and it uses none of them. It
//! knows no clock, no random numbers, no database, no wire format and no zone of the machine: the
//! present moment, new ids and the user's zone are arguments, so that the same call always gives
//! the same answer.
//!
//! * Values are parsed, not validated: a [`Title`] cannot be empty, a [`Tags`] has no repeats.
//!   What was wrong with a value is a [`ValueError`]; what was wrong with a request is a list of
//!   [`Violations`], each naming its field as the API does.
//! * Transitions ([`Task::create`], [`Task::update`], [`Task::complete`] and so on) consume the old
//!   task and return a [`Change`], or a [`TaskError`] that says why not. A [`Change`] knows the
//!   [`Payload`]s that tell of it.
//! * Lists are described by a [`TaskFilter`], a [`TaskOrder`] and a [`PagePosition`]. Their
//!   `matches` and `compare` are what a database's answer is measured against.
//!
//! Limits count characters, which are Unicode scalar values. Times are truncated to microseconds,
//! the precision of every store behind this. The character NUL is refused everywhere: PostgreSQL
//! cannot store it.

mod app;
mod category;
mod correlation;
mod description;
mod due;
mod due_filter;
mod etag;
mod event;
mod filter;
#[cfg(test)]
mod fixtures;
mod fold;
mod id;
mod language;
mod moment;
mod notification;
mod order;
mod page;
mod page_size;
mod priority;
mod profile;
pub mod recurrence;
mod reminder;
mod search;
mod snooze;
mod tags;
mod task;
mod title;
mod topic;
mod update_mask;
mod user;
mod value;
mod violation;

pub use app::{AppId, UnknownAppId};
pub use category::{CATEGORIES, Category};
pub use correlation::CorrelationId;
pub use description::{Description, MAX_DESCRIPTION_LENGTH};
pub use due::{Due, DueInput};
pub use due_filter::{DueFilter, DueFilterInput, DueRange};
pub use etag::Etag;
pub use event::{Actor, ActorKind, Event, EventDraft, Payload, Update, UpdateAction, UpdateItem};
pub use filter::{TaskFilter, TaskStats, TrashFilter};
pub use fold::{MAX_TITLE_KEY_BYTES, fold, search_text, title_key};
pub use id::{EventId, NewIds, NotificationId, ParseIdError, ReminderId, RequestId, TaskId};
pub use language::Language;
pub use moment::{accept_date, accept_time};
pub use notification::{Notification, NotificationKind};
pub use order::{OrderField, TaskOrder};
pub use page::{PagePosition, PagePositionError, SortKey};
pub use page_size::{PageLimits, PageSize};
pub use priority::Priority;
pub use profile::{Profile, ProfileField, ProfilePatch};
pub use reminder::{
    MAX_BEFORE_DUE, MAX_REMINDERS, Reminder, ReminderInput, ReminderState, ReminderTime,
};
pub use search::{MAX_SEARCH_LENGTH, SearchText};
pub use snooze::Snooze;
pub use tags::{MAX_TAG_LENGTH, MAX_TAGS, Tag, Tags};
pub use task::{
    Change, ChangeKind, NewTask, Preview, Recurrence, Reopened, SeriesScope, Status, StatusKind,
    Task, TaskError, TaskField, TaskPatch,
};
pub use title::{MAX_TITLE_LENGTH, Title};
pub use topic::{Topic, UnknownTopic};
pub use update_mask::{MaskField, UpdateMask};
pub use user::UserId;
pub use value::ValueError;
pub use violation::{FieldViolation, Violations};
