//! The API as clients meet it: over a connection, with a token, on every database.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod etags;
mod invalid_fields;
mod lists;
mod maintenance;
mod profiles;
mod repeats;
mod series;
mod served;
mod statements;
mod tasks;
mod tenants;
mod transcript;
