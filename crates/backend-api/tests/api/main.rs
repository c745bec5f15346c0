//! The API as clients meet it: over a connection, with a token, on every database.

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
