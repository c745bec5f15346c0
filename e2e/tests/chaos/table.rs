//! What is told of a run.

use std::{fmt::Write as _, time::Duration};

use e2e::say;
use tokio::time::Instant;

use crate::{drain::Totals, faults::Fault, prober::Recovered};

/// What is told of a run, as it stands in `docs/engine.md`.
pub(crate) struct Table {
    began: Instant,
    text: String,
}

impl Table {
    pub(crate) fn new(seed: u64, began: Instant) -> Self {
        let text = format!(
            "\nseed {seed}\n\n\
             | fault | at | lasted | until a change was acknowledged | until all had arrived |\n\
             |---|---|---|---|---|\n"
        );
        Self { began, text }
    }

    /// How long everything takes where nothing is wrong.
    pub(crate) fn undisturbed(&mut self, measured: Recovered) {
        self.line("none", "", "", measured);
    }

    /// A fault that struck and was over at these moments, and how long everything took after it.
    pub(crate) fn fault(
        &mut self,
        fault: &Fault,
        struck: Instant,
        over: Instant,
        recovered: Recovered,
    ) {
        let lasted = match fault {
            Fault::Kill(_) => String::new(),
            Fault::Pause(..) | Fault::DatabaseAway(..) => seconds(over - struck),
        };
        let at = seconds(struck - self.began);
        self.line(&fault.to_string(), &at, &lasted, recovered);
    }

    /// The whole of it.
    pub(crate) fn finish(mut self, load: Duration, totals: &Totals) -> String {
        let counts = &totals.counts;
        let screens = &totals.screens;
        let rows = [
            ("load", seconds(load)),
            ("changes acknowledged", totals.acknowledged.to_string()),
            ("changes without an answer", totals.unknown.to_string()),
            ("audit rows", counts.audited.to_string()),
            ("successors made", counts.followed.to_string()),
            ("of these taken back", counts.taken_back.to_string()),
            ("reminders that went off", counts.reminded.to_string()),
            (
                "reminders passed over, their task done or in the trash",
                counts.missed.to_string(),
            ),
            ("notifications", counts.notified.to_string()),
            ("screens open all the time", totals.screens_open.to_string()),
            ("updates they got", screens.updates.to_string()),
            ("of these repeats", screens.repeats.to_string()),
            ("streams they opened", screens.streams.to_string()),
            ("of these resumed", screens.resumed.to_string()),
            ("resyncs", screens.resyncs.to_string()),
            (
                "until everything had arrived at the end",
                seconds(totals.settled),
            ),
            ("lost", "0".to_owned()),
            ("doubled", "0".to_owned()),
        ];
        self.text.push_str("\n| altogether | |\n|---|---|\n");
        for (what, count) in rows {
            writeln!(self.text, "| {what} | {count} |").unwrap();
        }
        self.text
    }

    fn line(&mut self, fault: &str, at: &str, lasted: &str, recovered: Recovered) {
        let line = format!(
            "| {fault} | {at} | {lasted} | {} | {} |",
            seconds(recovered.acknowledged),
            seconds(recovered.flowing),
        );
        // For whoever watches: the whole is told in the end, or never.
        say(&line);
        writeln!(self.text, "{line}").unwrap();
    }
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}
