//! The tables as SeaORM sees them: columns only. What a row means is the business of the module
//! that queries it.

pub(crate) mod audit_log;
pub(crate) mod dead_letter;
pub(crate) mod notification;
pub(crate) mod profile;
pub(crate) mod reminder;
pub(crate) mod request_id;
pub(crate) mod task;
