//! What operators see of the store.

use std::time::Duration;

use crate::StoreError;

/// How long a transaction waited for its connection.
pub(crate) fn acquired(kind: &'static str, waited: Duration) {
    metrics::histogram!("errand_store_acquire_seconds", "kind" => kind).record(waited);
}

/// A transaction ended in an error that is the database's own.
pub(crate) fn failed(error: &StoreError) {
    let kind = match error {
        StoreError::Unavailable { .. } => "unavailable",
        StoreError::Corrupt { .. } => "corrupt",
        StoreError::Database(_) => "database",
        _ => return,
    };
    metrics::counter!("errand_store_errors_total", "kind" => kind).increment(1);
}
