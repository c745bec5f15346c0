//! The one place that draws random identifiers.

use uuid::Uuid;

/// A new random identifier (UUID version 4).
#[expect(
    clippy::disallowed_methods,
    reason = "Dapr itself draws these: event ids, etags and names of `{uuid}` consumer groups"
)]
pub(crate) fn random() -> Uuid {
    Uuid::new_v4()
}

/// A new W3C trace context, not sampled, for an event published outside any trace.
pub(crate) fn random_trace_parent() -> String {
    let span = random().simple().to_string();
    format!("00-{}-{}-00", random().simple(), &span[..16])
}
