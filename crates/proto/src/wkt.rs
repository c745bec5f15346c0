//! The well-known types of Protocol Buffers that Errand uses, with their canonical JSON form.
//!
//! They are our own because no library at hand has that form whole. The proto3 JSON
//! specification (<https://protobuf.dev/programming-guides/json/>) writes times with `Z`, fractions
//! with 0, 3, 6 or 9 digits, and field masks as one string of comma-separated camelCase paths.

mod duration;
mod field_mask;
mod fraction;
mod timestamp;

pub use duration::{Duration, DurationError};
pub use field_mask::{FieldMask, FieldMaskError};
pub use timestamp::{Timestamp, TimestampError};
