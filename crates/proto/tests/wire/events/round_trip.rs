use domain::Payload;
use proptest::prelude::*;
use proto::event::{actor_from_json, actor_json, data_json, decode, event_json, history};
use proto::v1;
use serde_json::{Map, Value};

use super::typed::typed_json;
use crate::generate;

proptest! {
    #[test]
    fn an_event_is_read_as_it_was_written(event in generate::event()) {
        let json = event_json(&event);
        prop_assert_eq!(decode(event.payload.topic(), &json).unwrap(), event);
    }

    #[test]
    fn the_composed_message_is_that_of_the_generated_types(event in generate::event()) {
        let composed = String::from_utf8(event_json(&event)).unwrap();
        let typed = String::from_utf8(typed_json(&event)).unwrap();
        prop_assert_eq!(composed, typed);
    }

    #[test]
    fn an_event_survives_being_marshalled_anew(event in generate::event()) {
        let json = marshalled_anew(&event_json(&event));
        prop_assert_eq!(decode(event.payload.topic(), json.as_bytes()).unwrap(), event);
    }

    #[test]
    fn unknown_members_are_skipped_wherever_they_are(event in generate::event()) {
        let mut message: Value = serde_json::from_slice(&event_json(&event)).unwrap();
        add_unknown_members(&mut message);
        let json = message.to_string();
        prop_assert_eq!(decode(event.payload.topic(), json.as_bytes()).unwrap(), event);
    }

    #[test]
    fn an_actor_is_read_as_it_was_written(actor in generate::actor()) {
        prop_assert_eq!(actor_from_json(&actor_json(&actor)).unwrap(), actor);
    }

    #[test]
    fn history_is_what_the_event_tells(event in generate::event()) {
        let told = history(event.payload.topic(), &data_json(&event.payload)).unwrap();
        let after = match &event.payload {
            Payload::Updates(_) => None,
            payload => payload.task().map(v1::Task::from),
        };
        prop_assert_eq!(told.after, after);
        let (before, fields) = match &event.payload {
            Payload::TaskUpdated { before, changed_fields, .. } => {
                (Some(v1::Task::from(&**before)), changed_fields.clone())
            }
            _ => (None, Vec::new()),
        };
        prop_assert_eq!(told.before, before);
        prop_assert_eq!(told.changed_fields, fields);
    }
}

/// The same JSON value as a Dapr sidecar passes it on: members sorted by name, and what has a
/// meaning in HTML escaped.
fn marshalled_anew(json: &[u8]) -> String {
    sorted(serde_json::from_slice(json).unwrap())
        .to_string()
        .replace('<', r"\u003c")
        .replace('>', r"\u003e")
        .replace('&', r"\u0026")
        .replace('\u{2028}', r"\u2028")
        .replace('\u{2029}', r"\u2029")
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|left, right| left.0.cmp(&right.0));
            let members = members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        Value::Array(values) => values.into_iter().map(sorted).collect(),
        value => value,
    }
}

fn add_unknown_members(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.values_mut().for_each(add_unknown_members);
            members.insert(
                String::from("added_later"),
                serde_json::json!({"id": [1, null]}),
            );
        }
        Value::Array(values) => values.iter_mut().for_each(add_unknown_members),
        _ => {}
    }
}
