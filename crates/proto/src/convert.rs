//! Conversions between the domain's values and the messages of `errand.v1`.
//!
//! To the wire it is `v1::Message::from(&value)`, which cannot fail; [`task_to_wire`] and
//! [`update_to_wire`] add what follows from configuration. From the wire it is a function that checks every field and names
//! each one at fault by its path in the message, all at once. Requests, whose fields a client
//! wrote, are in [`crate::request`]; what is read here was written by Errand itself.

mod actor;
mod answer;
mod calendar;
mod choice;
mod due;
mod notification;
mod parts;
mod profile;
mod reminder;
mod series;
mod task;
mod update;

pub(crate) use actor::actor_from_wire;
pub(crate) use calendar::{
    date_from_wire, given_date, given_time, given_zone, moment, optional_moment,
};
pub(crate) use choice::{Choice, choice, required_choice};
pub(crate) use due::{due_from_wire, given_due};
pub(crate) use parts::{complete, take};
pub(crate) use reminder::given_reminders;
pub use task::{WireContext, task_from_wire, task_to_wire};
pub(crate) use update::update_from_wire;
pub use update::update_to_wire;
