//! The whole system, seen from outside.
//!
//! `scripts/with-system` starts it on the real engine: Kafka, PostgreSQL and two replicas of each
//! service, each beside a real `daprd`, as `make engine-up` does. A [`System`] is a test's hold on it:
//! it knows where every replica answers, and kills, pauses, stops and starts [`Process`]es. Whatever a
//! test learns it learns as a client does, or as an operator; nothing here runs in the test's own
//! process.
//!
//! [`Writer`]s change tasks whatever lives and whatever is away, and keep a [`Journal`] of it. It says
//! what a user's [`Trail`] has to be afterwards, and what a [`Screen`] has to show. The tests of
//! `errand up` use these, too.
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
