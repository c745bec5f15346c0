use jiff::Timestamp;
use jiff::civil::Date;

use super::dates::Dates;
use super::{
    Anchor, Occurrence, OccurrenceDue, RecurrenceMode, RecurrenceRule, RuleLimit, TimeZoneName,
    Until,
};

/// The most occurrences that one list gives.
pub const MAX_LISTED_OCCURRENCES: usize = 1_000;

/// A rule, where it hangs and until when.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Series {
    /// The rule.
    pub rule: RecurrenceRule,
    /// The first occurrence.
    pub anchor: Anchor,
    /// The task's `recurring_end_date`: no later occurrence is due after it.
    pub end: Option<Until>,
}

/// The occurrence that a task is, as the series scheduled it.
///
/// A due that was moved for this occurrence alone is none of the series' business: it is the
/// scheduled one that the next is counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CurrentOccurrence {
    /// Its index, as [`Occurrence::index`].
    pub index: u32,
    /// When the series scheduled it, as [`Occurrence::due`].
    pub due: OccurrenceDue,
}

/// When a task was completed, and on which date for whom.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Completion {
    /// The instant.
    pub at: Timestamp,
    /// The zone of the person's profile. It decides which date it was for an all-day task; a timed
    /// one is asked in the zone of its anchor.
    pub zone: TimeZoneName,
}

/// What follows an occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Next {
    /// This one.
    Occurrence(Occurrence),
    /// Nothing: the series is over.
    Ended(EndReason),
}

/// Why no occurrence follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndReason {
    /// The rule's `COUNT` is used up.
    Count,
    /// The next one would be due after the rule's `UNTIL`.
    Until,
    /// The next one would be due after the task's `recurring_end_date`.
    EndDate,
    /// The rule never fires again before the calendar ends with the year 9999.
    NeverAgain,
}

/// The occurrences of a series in order, up to a limit; ends early where the series does.
#[derive(Clone, Debug)]
pub struct Occurrences<'a> {
    walk: Walk<'a>,
    left: usize,
}

/// A position in the expansion of a series.
#[derive(Clone, Debug)]
struct Walk<'a> {
    series: &'a Series,
    dates: Dates<'a>,
    /// The index of the date that `dates` gives next.
    index: u32,
    /// What was given last; every later occurrence is due strictly after it.
    after: Option<OccurrenceDue>,
}

impl Series {
    /// The occurrence that follows `current` when it is completed.
    ///
    /// Its index is that of `current` plus the number of occurrences from it to the new one, those
    /// that were jumped over included; from a completion it is always the next number.
    pub fn next(
        &self,
        current: &CurrentOccurrence,
        completion: &Completion,
        mode: RecurrenceMode,
    ) -> Next {
        match mode {
            RecurrenceMode::EveryOccurrence => self.walk_after(current).advance(),
            RecurrenceMode::SkipMissed => {
                let mut walk = self.walk_after(current);
                walk.skip_to_after(self.completed(completion).0);
                walk.advance()
            }
            RecurrenceMode::FromCompletion => self.walk_from(current, completion).advance(),
        }
    }

    /// The occurrences from the anchor on, which has index 0 here: at most `limit`, and at most
    /// [`MAX_LISTED_OCCURRENCES`].
    pub fn occurrences(&self, limit: usize) -> Occurrences<'_> {
        let anchor = self.anchor.date();
        let dates = Dates::new(&self.rule, anchor, anchor);
        let walk = Walk {
            series: self,
            dates,
            index: 0,
            after: None,
        };
        Occurrences {
            walk,
            left: limit.min(MAX_LISTED_OCCURRENCES),
        }
    }

    /// The occurrences that follow `current` if none is missed: at most `limit`, and at most
    /// [`MAX_LISTED_OCCURRENCES`].
    pub fn occurrences_after(&self, current: &CurrentOccurrence, limit: usize) -> Occurrences<'_> {
        Occurrences {
            walk: self.walk_after(current),
            left: limit.min(MAX_LISTED_OCCURRENCES),
        }
    }

    /// The occurrence with this index in the expansion from the anchor, which has index 0 here.
    /// `None` past the end of the series.
    ///
    /// An occurrence that [`RecurrenceMode::FromCompletion`] made is not in that expansion, and one
    /// whose series was hung on another anchor while counting on has another index there.
    pub fn occurrence(&self, index: u32) -> Option<Occurrence> {
        let anchor = self.anchor.date();
        let mut dates = Dates::new(&self.rule, anchor, anchor);
        let date = dates.nth(index)?;
        let occurrence = self.anchor.occurrence(index, date)?;
        self.end_before(&occurrence).is_none().then_some(occurrence)
    }

    fn walk_after(&self, current: &CurrentOccurrence) -> Walk<'_> {
        let due = self.anchor.same_kind(current.due);
        let from = self.anchor.earliest_date(due);
        let mut dates = Dates::new(&self.rule, self.anchor.date(), from);
        let mut index = current.index;
        while let Some(date) = dates.peek() {
            let found = self
                .anchor
                .occurrence(index, date)
                .map(|occurrence| occurrence.due);
            if found.is_some_and(|found| found < due) {
                dates.next();
                continue;
            }
            if found != Some(due) {
                // What the task is lies between two dates of the rule, and has a number of its own.
                index = index.saturating_add(1);
            }
            break;
        }
        Walk {
            series: self,
            dates,
            index,
            after: Some(due),
        }
    }

    /// The same rule from the date of the completion on, without what was before the completion.
    fn walk_from(&self, current: &CurrentOccurrence, completion: &Completion) -> Walk<'_> {
        let (completed, anchor) = self.completed(completion);
        let mut dates = Dates::new(&self.rule, anchor, anchor);
        dates.next();
        let index = current.index.saturating_add(1);
        // A zone that puts its clocks back over midnight has the start of the next day twice, and
        // the first of them may be past.
        while let Some(date) = dates.peek() {
            let found = self.anchor.occurrence(index, date);
            if found.is_none_or(|occurrence| occurrence.due > completed) {
                break;
            }
            dates.next();
        }
        Walk {
            series: self,
            dates,
            index,
            after: None,
        }
    }

    /// The completion as a due of this series' kind, and its local date.
    fn completed(&self, completion: &Completion) -> (OccurrenceDue, Date) {
        match &self.anchor {
            Anchor::Timed { zone, .. } => (
                OccurrenceDue::At(completion.at),
                zone.local_date(completion.at),
            ),
            Anchor::AllDay { .. } => {
                let date = completion.zone.local_date(completion.at);
                (OccurrenceDue::On(date), date)
            }
        }
    }

    /// Why the series is over before `occurrence`, if it is.
    fn end_before(&self, occurrence: &Occurrence) -> Option<EndReason> {
        if occurrence.index == 0 {
            // The anchor is there whatever the rule says: it is the task that was written down.
            return None;
        }
        match self.rule.limit() {
            Some(RuleLimit::Count(count)) if occurrence.index >= count => {
                return Some(EndReason::Count);
            }
            Some(RuleLimit::Until(until)) if !until.admits(occurrence, &self.anchor) => {
                return Some(EndReason::Until);
            }
            _ => {}
        }
        let ended = self
            .end
            .is_some_and(|end| !end.admits(occurrence, &self.anchor));
        ended.then_some(EndReason::EndDate)
    }
}

impl Walk<'_> {
    fn advance(&mut self) -> Next {
        while let Some(date) = self.dates.next() {
            let Some(occurrence) = self.series.anchor.occurrence(self.index, date) else {
                break;
            };
            if let Some(reason) = self.series.end_before(&occurrence) {
                return Next::Ended(reason);
            }
            self.index = self.index.saturating_add(1);
            if self.after.is_none_or(|after| occurrence.due > after) {
                self.after = Some(occurrence.due);
                return Next::Occurrence(occurrence);
            }
        }
        Next::Ended(EndReason::NeverAgain)
    }

    fn skip_to_after(&mut self, due: OccurrenceDue) {
        if self.after.is_none_or(|after| after < due) {
            self.after = Some(due);
            let date = self.series.anchor.earliest_date(due);
            self.index = self.index.saturating_add(self.dates.seek(date));
        }
    }
}

impl Occurrences<'_> {
    /// How many dates and periods were looked at so far: what the list cost.
    pub fn examined(&self) -> u64 {
        self.walk.dates.examined()
    }
}

impl Iterator for Occurrences<'_> {
    type Item = Occurrence;

    fn next(&mut self) -> Option<Occurrence> {
        self.left = self.left.checked_sub(1)?;
        match self.walk.advance() {
            Next::Occurrence(occurrence) => Some(occurrence),
            Next::Ended(_) => {
                self.left = 0;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
