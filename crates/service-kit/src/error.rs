//! Why a call fails: one closed table, and the error that use cases return.

mod api;
mod kind;

pub use self::{
    api::{ApiError, DOMAIN},
    kind::ErrorKind,
};

#[cfg(test)]
mod tests;
