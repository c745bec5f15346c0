//! The whole system on the real engine, seen from outside.
//!
//! `scripts/with-system` starts it: Kafka, PostgreSQL and two replicas of each service, each beside a
//! real `daprd`, as `make engine-up` does. A [`System`] is a test's hold on it: it knows where every
//! replica answers, and kills, pauses, stops and starts [`Process`]es. Whatever a test learns it
//! learns as a client does, or as an operator; nothing here runs in the test's own process.
//!
//! Tests of one system run side by side, so each has users of its own. What harms others, such as a
//! kill, is in a test program of its own. Only tests may depend on this crate.

mod chance;
mod http;
mod journal;
mod left;
mod process;
mod rest;
mod screen;
mod system;
mod trail;
mod user;
mod writer;

pub use self::{
    chance::{say, seed},
    http::http_get,
    journal::{Change, Journal},
    left::Left,
    process::Process,
    screen::{Screen, ScreenCounts},
    system::System,
    trail::{Counts, Told, Trail},
    user::{Bearer, Client, User},
    writer::Writer,
};
