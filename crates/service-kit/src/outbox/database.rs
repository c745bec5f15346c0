//! How long the relay waits for the database.

use std::time::Duration;

use store::StoreError;

/// The longest that one transaction of the relay may take. The database bounds its own statements;
/// a connection whose other end is gone without a word has no bound but this one.
const LONGEST: Duration = Duration::from_secs(10);

/// The outcome of a transaction, or that it took too long.
pub(super) async fn in_time<T>(
    transaction: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(LONGEST, transaction)
        .await
        .unwrap_or_else(|_| Err(StoreError::timed_out()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_database_that_never_answers_is_one_that_is_away() {
        let begun = tokio::time::Instant::now();
        let outcome = in_time(std::future::pending::<Result<(), StoreError>>()).await;
        assert!(outcome.unwrap_err().is_transient());
        assert_eq!(begun.elapsed(), LONGEST);
        assert_eq!(in_time(async { Ok(7) }).await.unwrap(), 7);
    }
}
