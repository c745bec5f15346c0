use serde::de::DeserializeOwned;

use crate::{v1, wkt};

/// The message of a topic: the same header everywhere, and data of its own.
pub(super) trait Message: DeserializeOwned {
    /// What it tells.
    type Data;

    /// Its parts.
    fn split(self) -> (Header, Option<Self::Data>);
}

/// The fields that the messages of all topics share.
pub(super) struct Header {
    pub(super) event_id: String,
    pub(super) timestamp: Option<wkt::Timestamp>,
    pub(super) event_type: String,
    pub(super) user_id: String,
    pub(super) correlation_id: String,
    pub(super) sequence: i64,
    pub(super) schema_version: i32,
    pub(super) source: String,
    pub(super) actor: Option<v1::Actor>,
}

macro_rules! message {
    ($message:ident, $data:ident) => {
        impl Message for v1::$message {
            type Data = v1::$data;

            fn split(self) -> (Header, Option<v1::$data>) {
                let header = Header {
                    event_id: self.event_id,
                    timestamp: self.timestamp,
                    event_type: self.event_type,
                    user_id: self.user_id,
                    correlation_id: self.correlation_id,
                    sequence: self.sequence,
                    schema_version: self.schema_version,
                    source: self.source,
                    actor: self.actor,
                };
                (header, self.data)
            }
        }
    };
}

message!(TaskCreated, TaskCreatedData);
message!(TaskUpdated, TaskUpdatedData);
message!(TaskCompleted, TaskCompletedData);
message!(TaskDeleted, TaskDeletedData);
message!(ReminderDue, ReminderDueData);
message!(TaskUpdates, UpdateData);
