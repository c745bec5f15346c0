//! What is random in a run, and can be had again.

use std::io::{self, Write as _};

use service_kit::config::environment;

/// What everything random in a run follows from.
pub fn seed() -> u64 {
    match environment().get("ERRAND_TEST_SEED") {
        Some(seed) => seed.parse().expect("ERRAND_TEST_SEED is a number"),
        None => rand::random(),
    }
}

/// Tells whoever runs the tests, also where they pass.
pub fn say(line: &str) {
    writeln!(io::stderr().lock(), "{line}").expect("standard error is open");
}
