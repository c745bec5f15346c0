//! The conformance suite against the embedded sidecar: an engine of its own for every case.

#[path = "conformance/embedded.rs"]
mod embedded;

use std::sync::Arc;

fn passes(subject: &str, name: &str) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let target = Arc::new(embedded::Embedded::open().await.expect("an engine"));
        let outcome = conformance::run(subject, name, target.clone()).await;
        target.engine.close().await;
        if let Err(error) = outcome {
            panic!("{subject}::{name}: {error:#}");
        }
    });
}

conformance::conformance_suite!(crate::passes);
