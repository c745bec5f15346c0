//! Recurrence from outside: rules and their errors, series by example, properties, and the vectors
//! of an independent oracle.

#![expect(
    clippy::unwrap_used,
    reason = "a value that cannot be made fails the test"
)]

mod completions;
mod generators;
mod occurrences;
mod properties;
mod rules;
mod series;
mod vectors;
