//! Errand and its database by itself, one after the other, so that whatever else the machine does
//! meets both alike.

use super::{Bench, say};
use crate::{
    caller::{Caller, Callers},
    load::{Outcome, closed_loop},
    report::{Load, LoadRow},
    server::Server,
};

/// A load that both are put under.
pub(super) struct Turns<'b> {
    pub(super) bench: &'b Bench,
    /// What is called.
    pub(super) what: String,
    /// The database beneath.
    pub(super) database: &'static str,
    /// How many users the callers are, in turns.
    pub(super) users: usize,
}

impl Turns<'_> {
    /// A row for each number of callers: `call` is one call to Errand, and `reference` is the same
    /// load without it, by so many callers.
    pub(super) async fn take(
        &self,
        server: &Server,
        call: impl AsyncFn(Caller) -> anyhow::Result<()>,
        reference: impl AsyncFn(usize) -> anyhow::Result<Outcome>,
    ) -> anyhow::Result<Vec<LoadRow>> {
        let Self {
            bench,
            what,
            database,
            users,
        } = self;
        let mut rows = Vec::new();
        for &callers in bench.sizes.callers {
            say(&format!("{what} on {database}, {callers} at once"));
            let connections = Callers::connect(&server.services, callers, *users).await?;
            let (mut errand, mut bare) = (Vec::new(), Vec::new());
            for _ in 0..bench.sizes.turns {
                let calls = closed_loop(callers, bench.sizes.load, async |caller| {
                    call(connections.next(caller)).await
                });
                errand.push(calls.await?);
                bare.push(reference(callers).await?);
            }
            rows.push(LoadRow {
                what: what.clone(),
                database,
                callers,
                errand: Load::of(&errand),
                reference: Load::of(&bare),
            });
        }
        Ok(rows)
    }
}
