//! The same for people: tables.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use super::Report;
use crate::report::{Times, mebibytes, milliseconds};

/// How wide a column of the tables of processes is.
const WIDTH: usize = 15;

impl Report {
    /// Prints it for people.
    pub(in crate::engine) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "\n{}", self.machine)?;
        self.print_steady(out)?;
        self.print_backlogs(out)?;
        self.print_reminders(out)?;
        self.print_spent(out)?;
        self.print_memory(out)
    }

    fn print_steady(&self, out: &mut impl Write) -> io::Result<()> {
        if self.steady.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\nAt a steady rate, each timed from the moment at which it was to begin. What goes through Kafka\n\
             has {} bytes there.\n\n{:<12}{:<30}{:>16}{:>12}{:>10}{:>10}{:>10}",
            self.message_bytes,
            "a second",
            "",
            "arrived",
            "a second",
            "p50 ms",
            "p99 ms",
            "most ms"
        )?;
        let mut rate = None;
        for row in &self.steady {
            let heading = if rate.replace(row.rate) == Some(row.rate) {
                String::new()
            } else {
                row.rate.to_string()
            };
            writeln!(
                out,
                "{heading:<12}{:<30}{:>16}{:>12.1}{}",
                row.what,
                format!("{} of {}", row.arrived, row.calls),
                row.per_second,
                columns(&row.took_ms),
            )?;
        }
        Ok(())
    }

    fn print_backlogs(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(first) = self.backlogs.first() else {
            return Ok(());
        };
        writeln!(
            out,
            "\n{} creates whose events waited in the outbox while the sidecar was away, one of each for the\n\
             audit log and one for screens; from the first that left it to the last.\n\n\
             {:<22}{:>14}{:>20}{:>22}{:>24}",
            first.creates,
            "",
            "created/s",
            "first out after s",
            "out of the outbox/s",
            "in the audit log/s"
        )?;
        for row in &self.backlogs {
            writeln!(
                out,
                "{:<22}{:>14.0}{:>20.1}{:>22.0}{:>24.0}",
                if row.state_keys {
                    "with state keys"
                } else {
                    "without state keys"
                },
                row.made_per_second,
                row.first_after_ms / 1000.0,
                row.published_per_second,
                row.audited_per_second,
            )?;
        }
        Ok(())
    }

    fn print_reminders(&self, out: &mut impl Write) -> io::Result<()> {
        let Some(row) = &self.reminders else {
            return Ok(());
        };
        writeln!(
            out,
            "\n{} reminders due at the same moment: {} notifications of {} of them, {:.0}/s to the last one; \
             {} on screens\n\n{:<42}{:>10}{:>10}{:>10}\n{:<42}{}\n{:<42}{}",
            row.reminders,
            row.notifications,
            row.reminded,
            row.per_second,
            row.shown,
            "late by",
            "p50 ms",
            "p99 ms",
            "most ms",
            "stored",
            columns(&row.stored_ms),
            "on a screen",
            columns(&row.screen_ms),
        )
    }

    fn print_memory(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(
            out,
            "\nMemory in MiB: the resident set, and of it what is left when pages that several processes\n\
             have are shared out among them.\n"
        )?;
        let columns = self.memory.iter().map(|(when, used)| {
            let column = |names: &[&str]| {
                let used = names.iter().filter_map(|name| used.get(*name));
                let [resident, proportional] =
                    used.fold([0, 0], |[resident, proportional], used| {
                        [resident + used.resident, proportional + used.proportional]
                    });
                format!(
                    "{:.0} / {:.0}",
                    mebibytes(resident),
                    mebibytes(proportional)
                )
            };
            (*when, column)
        });
        self.print_processes(out, &columns.collect::<Vec<_>>())
    }

    fn print_spent(&self, out: &mut impl Write) -> io::Result<()> {
        let steady = self.steady.iter().filter(|row| !row.spent.is_empty());
        let steady = steady.map(|row| (format!("{}/s", row.rate), row.calls, &row.spent));
        let backlogs = self.backlogs.iter().map(|row| {
            let what = if row.state_keys {
                "waited"
            } else {
                "no state keys"
            };
            (what.to_owned(), row.creates, &row.spent)
        });
        let reminders = self.reminders.iter();
        let reminders = reminders.map(|row| ("reminder".to_owned(), row.reminders, &row.spent));
        let all: Vec<_> = steady.chain(backlogs).chain(reminders).collect();
        if all.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "\nWhat a create took of the processors until everything of it was done, in ms, and what a\n\
             reminder did; with what the processes do anyway.\n"
        )?;
        let columns = all.iter().map(|(what, count, spent)| {
            let column = |names: &[&str]| {
                let spent = names.iter().filter_map(|name| spent.get(*name));
                format!("{:.2}", milliseconds(spent.sum()) / whole(*count))
            };
            (what.as_str(), column)
        });
        self.print_processes(out, &columns.collect::<Vec<_>>())
    }

    /// A table with a line for each process, and one for all services and all sidecars. A column is
    /// what it is called, and what it says of processes together.
    fn print_processes(
        &self,
        out: &mut impl Write,
        columns: &[(&str, impl Fn(&[&str]) -> String)],
    ) -> io::Result<()> {
        let processes = self.memory.iter().flat_map(|(_, used)| used.keys());
        let processes: BTreeSet<&str> = processes.map(String::as_str).collect();
        let [mut services, mut sidecars, mut others] = [const { Vec::new() }; 3];
        for name in processes {
            match name {
                "kafka" | "postgres" => others.push(name),
                name if name.ends_with("-sidecar") => sidecars.push(name),
                name => services.push(name),
            }
        }
        let each = [&services, &sidecars, &others].into_iter().flatten();
        let each = each.map(|name| (*name, vec![*name]));
        let together = [
            ("all services", services.clone()),
            ("all sidecars", sidecars.clone()),
        ];
        write!(out, "{:<30}", "")?;
        for (heading, _) in columns {
            write!(out, "{heading:>WIDTH$}")?;
        }
        writeln!(out)?;
        for (line, names) in each.chain(together) {
            write!(out, "{line:<30}")?;
            for (_, column) in columns {
                write!(out, "{:>WIDTH$}", column(&names))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

fn columns(times: &Times) -> String {
    format!("{:>10.2}{:>10.2}{:>10.1}", times.p50, times.p99, times.most)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn whole(count: usize) -> f64 {
    count as f64
}
