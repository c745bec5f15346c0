//! Waiting for a condition, with a bound.

use std::{fmt::Debug, time::Duration};

use anyhow::{Result, bail};

/// How long anything may take. Real engines rebalance for seconds.
const BOUND: Duration = Duration::from_secs(30);

/// Asks again and again until there is an answer. `what` is what is waited for.
pub(crate) async fn until<T>(
    what: &str,
    mut condition: impl AsyncFnMut() -> Option<T>,
) -> Result<T> {
    let asking = async {
        loop {
            if let Some(answer) = condition().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    match tokio::time::timeout(BOUND, asking).await {
        Ok(answer) => Ok(answer),
        Err(_elapsed) => bail!("waited {BOUND:?} in vain for {what}"),
    }
}

/// Fails with both values when they differ.
#[expect(
    clippy::needless_pass_by_value,
    reason = "an assertion reads better without borrows"
)]
pub(crate) fn same<L: Debug + PartialEq<R>, R: Debug>(what: &str, left: L, right: R) -> Result<()> {
    anyhow::ensure!(left == right, "{what}: {left:?} is not {right:?}");
    Ok(())
}
