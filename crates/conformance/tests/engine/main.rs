//! The conformance suite against real `daprd`, Kafka and PostgreSQL, and what only they can show.
//!
//! One broker and one database serve all cases; `scripts/with-engine` starts them. A case has
//! sidecars, topics and app ids of its own, so cases run side by side.

mod daprd;
mod idle;
mod kafka;
mod ports;
mod resources;

use std::{sync::Arc, time::Duration};

use anyhow::Result;

use self::daprd::Real;

/// The longest case takes three minutes; what takes longer than this waits for ever.
const BOUND: Duration = Duration::from_mins(6);

fn passes(subject: &str, name: &str) {
    let what = format!("{subject}::{name}");
    on_the_engine(&what, |target| conformance::run(subject, name, target));
}

conformance::conformance_suite!(crate::passes);

// It takes three minutes, and tests start in the order of their names.
#[test]
fn a_connection_that_was_idle_is_made_anew() {
    let what = "a_connection_that_was_idle_is_made_anew";
    on_the_engine(what, idle::a_connection_that_was_idle_is_made_anew);
}

fn on_the_engine<F: Future<Output = Result<()>>>(what: &str, case: impl FnOnce(Arc<Real>) -> F) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let target = Arc::new(Real::found().expect("an engine"));
        let outcome = tokio::time::timeout(BOUND, case(Arc::clone(&target))).await;
        if let Err(error) = outcome.unwrap_or_else(|elapsed| Err(elapsed.into())) {
            panic!("{what}: {error:#}\n{}", target.complaints());
        }
    });
}
