//! Nothing is lost, doubled or stuck, whatever is killed, stands still or is away.
//!
//! `scripts/with-system cargo test --workspace --test chaos` runs it, on a system of its own:
//! `ERRAND_TEST_SEED` says in which order what happens, to which replica and for how long. While users
//! change their tasks at a steady rate, one fault follows another, each when the last is over. What
//! the clients know of their changes then says what there has to be.

#![expect(clippy::unwrap_used, reason = "all of this is a test")]

mod drain;
mod faults;
mod load;
mod prober;
mod table;

use std::{sync::Arc, time::Duration};

use e2e::{System, say, seed};
use tokio::time::{Instant, sleep_until};

use self::{faults::Fault, load::Load, prober::Prober, table::Table};

/// For how long there is load at least.
const LOAD: Duration = Duration::from_mins(1);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_whatever_fails() {
    let seed = seed();
    say(&format!("chaos: ERRAND_TEST_SEED={seed}"));
    let system = Arc::new(System::found());
    let mut prober = Prober::new(&system, seed).await;
    let load = Load::start(&system, seed).await;
    let began = Instant::now();

    let mut table = Table::new(seed, began);
    let undisturbed = prober.measure("nothing", began).await;
    table.undisturbed(undisturbed);
    for fault in Fault::all(seed, system.replicas()) {
        let struck = Instant::now();
        let over = fault.strike(&system).await;
        let recovered = prober.measure(&fault.to_string(), over).await;
        system.ready().await;
        table.fault(&fault, struck, over, recovered);
    }
    sleep_until(began + LOAD).await;

    let ended = load.end().await;
    let took = began.elapsed();
    let totals = drain::settle(&system, ended, prober.end()).await;
    say(&table.finish(took, &totals));
}
