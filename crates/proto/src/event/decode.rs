use domain::{
    Actor, AppId, CorrelationId, Event, EventId, Payload, Task, Topic, UserId, ValueError,
    Violations,
};

use super::message::Message;
use super::read::read;
use super::{DecodeError, SCHEMA_VERSION};
use crate::convert::{actor_from_wire, complete, moment, take, task_from_wire, update_from_wire};
use crate::v1;

/// Reads a message that arrived on `topic`, and checks every field.
///
/// Unknown members are skipped, the order of members does not matter, and a text may be escaped in
/// whatever way JSON allows: a broker's sidecar marshals messages anew.
pub fn decode(topic: Topic, json: &[u8]) -> Result<Event, DecodeError> {
    match topic {
        Topic::TaskCreated => event::<v1::TaskCreated>(topic, json, |data, owner| {
            Ok(Payload::TaskCreated {
                task: task(data.task, "task", owner)?,
            })
        }),
        Topic::TaskUpdated => event::<v1::TaskUpdated>(topic, json, task_updated),
        Topic::TaskCompleted => event::<v1::TaskCompleted>(topic, json, |data, owner| {
            Ok(Payload::TaskCompleted {
                task: task(data.task, "task", owner)?,
            })
        }),
        Topic::TaskDeleted => event::<v1::TaskDeleted>(topic, json, |data, owner| {
            Ok(Payload::TaskDeleted {
                task: task(data.task, "task", owner)?,
            })
        }),
        Topic::ReminderDue => event::<v1::ReminderDue>(topic, json, reminder_due),
        Topic::TaskUpdates => event::<v1::TaskUpdates>(topic, json, |data, owner| {
            update_from_wire(data, owner).map(Payload::Updates)
        }),
    }
}

/// Reads what [`super::actor_json`] wrote.
pub fn actor_from_json(json: &str) -> Result<Actor, DecodeError> {
    Ok(actor_from_wire(read(json.as_bytes())?)?)
}

fn event<M: Message>(
    topic: Topic,
    json: &[u8],
    payload: impl FnOnce(M::Data, &UserId) -> Result<Payload, Violations>,
) -> Result<Event, DecodeError> {
    let (header, data) = read::<M>(json)?.split();
    if header.event_type != topic.event_type() {
        return Err(DecodeError::WrongType {
            topic,
            found: header.event_type,
        });
    }
    if header.schema_version != SCHEMA_VERSION {
        return Err(DecodeError::UnknownSchema {
            found: header.schema_version,
        });
    }
    let mut violations = Violations::new();
    let id: Option<EventId> = violations.take("event_id", header.event_id.parse());
    let occurred_at = violations.take("timestamp", moment(header.timestamp));
    let user_id = violations.take("user_id", UserId::parse(&header.user_id));
    let correlation_id = CorrelationId::parse(&header.correlation_id);
    let correlation_id = violations.take("correlation_id", correlation_id);
    if header.sequence < 1 {
        violations.add("sequence", "must be 1 or more");
    }
    let source: Option<AppId> = violations.take("source", header.source.parse());
    let actor = take(&mut violations, actor(header.actor));
    let payload = match (data, &user_id) {
        (None, _) => violations.take("data", Err(ValueError::Missing)),
        // Without its owner a task cannot be read; the owner's violation is noted.
        (Some(_), None) => None,
        (Some(data), Some(owner)) => take(
            &mut violations,
            payload(data, owner).map_err(|violations| violations.scoped("data")),
        ),
    };
    let sequence = header.sequence;
    Ok(complete(violations, || {
        Some(Event {
            id: id?,
            occurred_at: occurred_at?,
            user_id: user_id?,
            correlation_id: correlation_id?,
            sequence,
            source: source?,
            actor: actor?,
            payload: payload?,
        })
    })?)
}

fn actor(actor: Option<v1::Actor>) -> Result<Actor, Violations> {
    let actor = actor.ok_or_else(|| Violations::one("actor", ValueError::Missing))?;
    actor_from_wire(actor).map_err(|violations| violations.scoped("actor"))
}

fn task_updated(data: v1::TaskUpdatedData, owner: &UserId) -> Result<Payload, Violations> {
    let mut violations = Violations::new();
    let before = take(&mut violations, task(data.before, "before", owner));
    let after = take(&mut violations, task(data.after, "after", owner));
    complete(violations, || {
        Some(Payload::TaskUpdated {
            before: before?,
            after: after?,
            changed_fields: data.changed_fields,
        })
    })
}

fn reminder_due(data: v1::ReminderDueData, owner: &UserId) -> Result<Payload, Violations> {
    let mut violations = Violations::new();
    let reminder_id = violations.take("reminder_id", data.reminder_id.parse());
    let remind_at = violations.take("remind_at", moment(data.remind_at));
    let task = take(&mut violations, task(data.task, "task", owner));
    complete(violations, || {
        Some(Payload::ReminderDue {
            reminder_id: reminder_id?,
            remind_at: remind_at?,
            task: task?,
        })
    })
}

fn task(task: Option<v1::Task>, field: &str, owner: &UserId) -> Result<Box<Task>, Violations> {
    let task = task.ok_or_else(|| Violations::one(field, ValueError::Missing))?;
    task_from_wire(&task, owner)
        .map(Box::new)
        .map_err(|violations| violations.scoped(field))
}
