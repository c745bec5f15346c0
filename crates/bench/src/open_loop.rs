//! Calls at even times, whether or not those before have been answered.

use std::{
    thread,
    time::{Duration, Instant},
};

use futures::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::mpsc;

/// What a clock gets to start, before the first call is due.
const LEAD: Duration = Duration::from_millis(50);

/// Makes so many calls, `rate` of them a second. A call is given its number and the moment for which
/// it is meant. Timed from then, a call that found the way blocked by earlier ones counts its wait,
/// as the user does who waits.
pub(crate) async fn open_loop<T>(
    rate: u32,
    calls: usize,
    call: impl AsyncFn(usize, Instant) -> T,
) -> Vec<T> {
    let mut due = metronome(rate, calls);
    let mut under_way = FuturesUnordered::new();
    let mut answers = Vec::with_capacity(calls);
    let mut made = 0;
    loop {
        tokio::select! {
            Some(moment) = due.recv() => {
                under_way.push(call(made, moment));
                made += 1;
            }
            Some(answer) = under_way.next() => answers.push(answer),
            else => return answers,
        }
    }
}

/// Tells each moment when it has come. On a thread of its own, since the runtime's timer knows whole
/// milliseconds only, which is what some of the calls take.
fn metronome(rate: u32, ticks: usize) -> mpsc::UnboundedReceiver<Instant> {
    let (sender, receiver) = mpsc::unbounded_channel();
    thread::spawn(move || {
        let mut due = Instant::now() + LEAD;
        for _ in 0..ticks {
            #[expect(
                clippy::disallowed_methods,
                reason = "it is the time that is waited for"
            )]
            thread::sleep(due.saturating_duration_since(Instant::now()));
            if sender.send(due).is_err() {
                return;
            }
            due += Duration::from_secs(1) / rate;
        }
    });
    receiver
}
