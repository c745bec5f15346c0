use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

/// A text that is no UUID in its hyphenated form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be a UUID such as 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d")]
pub struct ParseIdError;

/// Where new ids come from. Ids are UUIDv7, so that their order is about that of their making.
pub trait NewIds {
    /// The id of a new task.
    fn task_id(&mut self) -> TaskId;
    /// The id of a new reminder.
    fn reminder_id(&mut self) -> ReminderId;
    /// The id of a new event.
    fn event_id(&mut self) -> EventId;
}

macro_rules! uuid_id {
    ($(#[$documentation:meta])* $name:ident) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(formatter)
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_hyphenated(text).map(Self)
            }
        }
    };
}

uuid_id! {
    /// Names a task.
    TaskId
}
uuid_id! {
    /// Names an event, however often it is delivered.
    EventId
}
uuid_id! {
    /// Names a reminder of a task.
    ReminderId
}
uuid_id! {
    /// Names a notification: the UUID of the event that caused it.
    NotificationId
}
uuid_id! {
    /// Chosen by a client to make a change safe to repeat.
    RequestId
}

impl From<EventId> for NotificationId {
    fn from(event: EventId) -> Self {
        Self(event.0)
    }
}

/// The 36 characters with hyphens, in any case. The other forms that RFC 9562 readers know (braces,
/// URN, no hyphens) are refused, so that an id has one spelling.
fn parse_hyphenated(text: &str) -> Result<Uuid, ParseIdError> {
    if text.len() != 36 {
        return Err(ParseIdError);
    }
    Uuid::try_parse(text).map_err(|_| ParseIdError)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_in_one_form_only() {
        let text = "0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d";
        let id: TaskId = text.parse().unwrap();
        assert_eq!(id.to_string(), text);
        assert_eq!(text.to_uppercase().parse(), Ok(id));
        let others = [
            "",
            "0198c5a27b7e7c3a9d0e3f1f5a6b7c8d",
            "{0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d}",
            "urn:uuid:0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8d",
            "0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8g",
            " 0198c5a2-7b7e-7c3a-9d0e-3f1f5a6b7c8",
        ];
        for other in others {
            assert_eq!(other.parse::<TaskId>(), Err(ParseIdError), "{other}");
        }
    }
}
