//! What the sidecar is told of an event.

use dapr::dapr::proto::runtime::v1::topic_event_response::TopicEventResponseStatus;

/// What the sidecar is told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is done.
    Success,
    /// It shall come again.
    Retry,
    /// It is kept as a dead letter here; it shall not come again.
    Drop,
}

impl Verdict {
    /// The number on the wire.
    pub(crate) fn status(self) -> i32 {
        let status = match self {
            Self::Success => TopicEventResponseStatus::Success,
            Self::Retry => TopicEventResponseStatus::Retry,
            Self::Drop => TopicEventResponseStatus::Drop,
        };
        status as i32
    }

    /// The label of metrics.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Retry => "retry",
            Self::Drop => "drop",
        }
    }
}
