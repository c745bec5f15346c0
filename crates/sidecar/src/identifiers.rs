//! The one place that draws random identifiers.

use uuid::{Builder, Uuid};

/// A new random identifier (UUID version 4). Its bits are the thread's own generator's: asking the
/// system for each would cost a call of it for every event.
pub(crate) fn random() -> Uuid {
    Builder::from_random_bytes(rand::random()).into_uuid()
}

/// A new W3C trace context, not sampled, for an event published outside any trace.
pub(crate) fn random_trace_parent() -> String {
    let (trace, span): (u128, u64) = (rand::random(), rand::random());
    // All zeros would be no trace.
    format!("00-{:032x}-{:016x}-00", trace.max(1), span.max(1))
}
