//! Callers that call again as soon as they are answered.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use futures::future::try_join_all;

/// What a load came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Outcome {
    /// How long it lasted.
    pub(crate) took: Duration,
    /// How long each call took.
    pub(crate) latencies: Vec<Duration>,
}

impl Outcome {
    /// Calls in a second.
    pub(crate) fn rate(&self) -> f64 {
        per_second(self.latencies.len(), self.took)
    }
}

/// So many in a time, as so many in a second.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
pub(crate) fn per_second(count: usize, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64()
}

/// Lets `callers` call until the time is up, each again as soon as it is answered. A call is given
/// the number of its caller. The first that fails ends it all.
pub(crate) async fn closed_loop(
    callers: usize,
    lasting: Duration,
    call: impl AsyncFn(usize) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    while_true(callers, || began.elapsed() < lasting, call).await
}

/// Lets `callers` make so many calls together.
pub(crate) async fn fixed_number(
    callers: usize,
    calls: u64,
    call: impl AsyncFn(usize) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let made = Cell::new(0);
    let is_left = || made.replace(made.get() + 1) < calls;
    while_true(callers, is_left, call).await
}

/// Asks before each call whether there is to be one.
async fn while_true(
    callers: usize,
    goes_on: impl Fn() -> bool,
    call: impl AsyncFn(usize) -> anyhow::Result<()>,
) -> anyhow::Result<Outcome> {
    let began = Instant::now();
    let (goes_on, call) = (&goes_on, &call);
    let each = (0..callers).map(|caller| async move {
        let mut latencies = Vec::new();
        while goes_on() {
            let sent = Instant::now();
            call(caller).await?;
            latencies.push(sent.elapsed());
        }
        anyhow::Ok(latencies)
    });
    let latencies = try_join_all(each).await?.concat();
    Ok(Outcome {
        took: began.elapsed(),
        latencies,
    })
}
