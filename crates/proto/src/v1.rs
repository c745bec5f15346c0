//! Package `errand.v1`: messages, enums, clients and servers, generated from `proto/errand/v1`.
//!
//! Every message reads and writes proto3 JSON through serde, with the field names of the proto
//! files; unknown fields are skipped on reading.

pub use crate::generated::errand::v1::*;
