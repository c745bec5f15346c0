//! The wire: types generated from `proto/`, their JSON form, and conversions from and to the domain.
//!
//! Services use it to read requests and write responses, the outbox to write events, and handlers
//! to read them. It knows no transport beyond what tonic generates, no database and no clock: what
//! it is given it converts, and what it cannot convert it names by its path in the proto files.

pub mod convert;
pub mod error;
pub mod event;
pub mod request;
pub mod v1;
pub mod wkt;

mod generated;

pub use generated::FILE_DESCRIPTOR_SET;
pub use generated::google::r#type as google_type;
