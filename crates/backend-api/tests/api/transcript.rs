//! Answers and events in a form that does not change from run to run.

use std::collections::HashMap;

use domain::{Event, Payload, UpdateItem};
use serde_json::{Value, json};
use uuid::Uuid;

/// The same, with each id replaced by a number in the order in which they come.
pub fn readable(mut value: Value) -> Value {
    number_ids(&mut value, &mut HashMap::new());
    value
}

/// An event as its message has it, without its times and correlation id.
pub fn message(event: &Event) -> Value {
    let data: Value = serde_json::from_str(&proto::event::data_json(&event.payload)).unwrap();
    let actor: Value = serde_json::from_str(&proto::event::actor_json(&event.actor)).unwrap();
    json!({
        "topic": event.payload.topic().name(),
        "user_id": event.user_id.as_str(),
        "sequence": event.sequence,
        "source": event.source.as_str(),
        "actor": actor,
        "data": data,
    })
}

/// An event in a few words: topic, sequence, and what it is about.
pub fn told(event: &Event) -> String {
    let topic = event.payload.topic().name();
    let place = format!("{topic} #{}", event.sequence);
    match (&event.payload, event.payload.task()) {
        (Payload::Updates(update), Some(task)) => {
            format!(
                "{place} {:?} {} v{}",
                update.action,
                task.title.as_str(),
                task.version
            )
        }
        (
            Payload::TaskUpdated {
                after,
                changed_fields,
                ..
            },
            _,
        ) => {
            let fields = changed_fields.join(",");
            format!(
                "{place} {} v{} {fields}",
                after.title.as_str(),
                after.version
            )
        }
        (_, Some(task)) => format!("{place} {} v{}", task.title.as_str(), task.version),
        (Payload::Updates(update), None) => match update.item {
            UpdateItem::AccountDeleted { .. } => format!("{place} account deleted"),
            _ => format!("{place} {:?}", update.item),
        },
        (payload, None) => panic!("an event about nothing: {payload:?}"),
    }
}

fn number_ids(value: &mut Value, numbers: &mut HashMap<Uuid, usize>) {
    match value {
        Value::String(text) => {
            if let Ok(id) = Uuid::parse_str(text) {
                let next = numbers.len() + 1;
                *text = format!("id {}", numbers.entry(id).or_insert(next));
            }
        }
        Value::Array(values) => values
            .iter_mut()
            .for_each(|value| number_ids(value, numbers)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|value| number_ids(value, numbers)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
