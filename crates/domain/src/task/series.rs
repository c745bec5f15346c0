use jiff::Timestamp;
use jiff::civil::{Date, DateTime};

use super::{Recurrence, Task};
use crate::recurrence::{
    Anchor, Completion, CurrentOccurrence, EndReason, Next, Occurrence, OccurrenceDue,
    RecurrenceMode, RecurrenceRule, Series, TimeZoneName, Until,
};
use crate::{Due, Violations, accept_date};

/// The fields of a task that say how it comes back, as given.
pub(super) struct SeriesFields {
    pub(super) rule: Option<RecurrenceRule>,
    pub(super) mode: Option<RecurrenceMode>,
    pub(super) end_date: Option<Date>,
}

/// Notes what is wrong with the fields of a series beside this due.
pub(super) fn check_series(fields: &SeriesFields, due: Option<&Due>, violations: &mut Violations) {
    if fields.rule.is_none() {
        // The default says nothing: a form that always sends it must not be refused.
        if fields
            .mode
            .is_some_and(|mode| mode != RecurrenceMode::default())
        {
            violations.add("recurrence_mode", "needs a recurring_rule");
        }
        if fields.end_date.is_some() {
            violations.add("recurring_end_date", "needs a recurring_rule");
        }
        return;
    }
    let Some(due) = due else {
        violations.add("recurring_rule", "needs a due");
        return;
    };
    let Some(end_date) = fields.end_date else {
        return;
    };
    if let Err(error) = accept_date(end_date) {
        violations.add("recurring_end_date", error);
    } else if end_date < due.local().date() {
        violations.add("recurring_end_date", "must not be before the due");
    }
}

impl Recurrence {
    /// A series that begins at this due.
    pub(super) fn begin(
        rule: RecurrenceRule,
        mode: RecurrenceMode,
        end_date: Option<Date>,
        due: &Due,
    ) -> Self {
        let scheduled = due.local();
        Self {
            rule,
            mode,
            end_date,
            anchor: anchor_at(due),
            index: 0,
            scheduled,
        }
    }

    /// The same series going on from this due, counting on.
    pub(super) fn anchored_at(self, due: &Due) -> Self {
        Self {
            anchor: anchor_at(due),
            scheduled: due.local(),
            ..self
        }
    }

    /// The same series at another of its occurrences.
    pub(super) fn at(&self, occurrence: &Occurrence) -> Self {
        Self {
            index: occurrence.index,
            scheduled: occurrence.local,
            ..self.clone()
        }
    }

    /// The occurrence that follows this one if it is completed at `completed_at`, with its due.
    ///
    /// `zone` is that of the present due: it says on which date an all-day occurrence was
    /// completed, and goes on to the next one. A timed one is in the anchor's zone.
    pub(super) fn next(
        &self,
        completed_at: Timestamp,
        zone: &TimeZoneName,
    ) -> Result<(Occurrence, Due), EndReason> {
        let series = Series {
            rule: self.rule.clone(),
            anchor: self.anchor.clone(),
            end: self.end_date.map(Until::Date),
        };
        let current = CurrentOccurrence {
            index: self.index,
            due: self.scheduled_due(),
        };
        let completion = Completion {
            at: completed_at,
            zone: zone.clone(),
        };
        match series.next(&current, &completion, self.mode) {
            Next::Ended(reason) => Err(reason),
            Next::Occurrence(occurrence) => {
                // What no user could have given as a due is past the end of every series.
                let due = self
                    .due_of(&occurrence, zone)
                    .accept()
                    .map_err(|_| EndReason::NeverAgain)?;
                Ok((occurrence, due))
            }
        }
    }

    /// Whether `due` is where the series put this occurrence.
    fn holds(&self, due: &Due) -> bool {
        match (self.scheduled_due(), due) {
            (OccurrenceDue::At(scheduled), Due::At { time, .. }) => scheduled == *time,
            (OccurrenceDue::On(scheduled), Due::AllDay { date, .. }) => scheduled == *date,
            _ => false,
        }
    }

    fn scheduled_due(&self) -> OccurrenceDue {
        match &self.anchor {
            // Scheduled times come from the series, which gives none without an instant.
            Anchor::Timed { zone, .. } => {
                OccurrenceDue::At(zone.instant(self.scheduled).unwrap_or(Timestamp::MAX))
            }
            Anchor::AllDay { .. } => OccurrenceDue::On(self.scheduled.date()),
        }
    }

    fn due_of(&self, occurrence: &Occurrence, zone: &TimeZoneName) -> Due {
        match (occurrence.due, &self.anchor) {
            (OccurrenceDue::At(time), Anchor::Timed { zone, .. }) => Due::At {
                time,
                zone: zone.clone(),
            },
            (OccurrenceDue::At(time), Anchor::AllDay { .. }) => Due::At {
                time,
                zone: zone.clone(),
            },
            (OccurrenceDue::On(date), _) => Due::AllDay {
                date,
                zone: zone.clone(),
            },
        }
    }
}

impl Task {
    /// The wall time from which distances within the series are measured: where the series has the
    /// due, even if a clock change moved it by an hour; or the due itself if it was moved alone.
    pub(super) fn nominal_due(&self, due: &Due) -> DateTime {
        match &self.recurrence {
            Some(recurrence) if recurrence.holds(due) => recurrence.scheduled,
            _ => due.local(),
        }
    }
}

fn anchor_at(due: &Due) -> Anchor {
    match due {
        Due::AllDay { date, .. } => Anchor::AllDay { date: *date },
        Due::At { zone, .. } => Anchor::Timed {
            at: due.local(),
            zone: zone.clone(),
        },
    }
}
