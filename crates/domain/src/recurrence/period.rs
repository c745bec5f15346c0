//! The dates that an RRULE names in one of its periods (RFC 5545 §3.3.10).

use jiff::civil::Date;

use super::rule::{CalendarRule, Frequency, WeekdayRule};
use super::words::{days_between, months_between, plus_days};

/// How many days, weeks, months and years the Gregorian calendar takes to repeat.
const CYCLE: [u32; 4] = [146_097, 20_871, 4_800, 400];

/// A rule with the date it is expanded from, cut into its periods: the anchor's day, week, month or
/// year is period 0, and each later one is `INTERVAL` units after the one before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Periods<'a> {
    rule: &'a CalendarRule,
    anchor: Date,
}

/// The first and the last day of a span of dates.
#[derive(Clone, Copy)]
struct Days {
    first: Date,
    last: Date,
}

impl<'a> Periods<'a> {
    pub(super) fn new(rule: &'a CalendarRule, anchor: Date) -> Self {
        Self { rule, anchor }
    }

    /// The period that `date` lies in, or the last one before it; 0 where it is before the anchor.
    pub(super) fn number_of(&self, date: Date) -> i64 {
        let units = match self.rule.frequency {
            Frequency::Daily => days_between(self.anchor, date),
            Frequency::Weekly => self
                .week_of(self.anchor)
                .map_or(0, |first| days_between(first, date).div_euclid(7)),
            Frequency::Monthly => months_between(self.anchor, date),
            Frequency::Yearly => i64::from(date.year()) - i64::from(self.anchor.year()),
        };
        units.max(0) / i64::from(self.rule.interval)
    }

    /// After how many periods without a date the rule is known to be silent for ever.
    pub(super) fn cycle(&self) -> u32 {
        let [days, weeks, months, years] = CYCLE;
        let units = match self.rule.frequency {
            Frequency::Daily => days,
            Frequency::Weekly => weeks,
            Frequency::Monthly => months,
            Frequency::Yearly => years,
        };
        units / greatest_common_divisor(units, u32::from(self.rule.interval))
    }

    /// Puts the dates of a period into `dates`, ascending; `None` where the calendar has ended.
    pub(super) fn expand(&self, number: i64, dates: &mut Vec<Date>) -> Option<()> {
        dates.clear();
        let units = number.checked_mul(i64::from(self.rule.interval))?;
        match self.rule.frequency {
            Frequency::Daily => self.day(plus_days(self.anchor, units)?, dates),
            Frequency::Weekly => {
                self.week(
                    plus_days(self.week_of(self.anchor)?, units.checked_mul(7)?)?,
                    dates,
                );
            }
            Frequency::Monthly => self.month(month_after(self.anchor, units)?, dates),
            Frequency::Yearly => {
                let year = i16::try_from(i64::from(self.anchor.year()).checked_add(units)?).ok()?;
                self.year(Date::new(year, 1, 1).ok()?, dates);
            }
        }
        dates.sort_unstable();
        dates.dedup();
        self.select_positions(dates);
        Some(())
    }

    fn day(&self, date: Date, dates: &mut Vec<Date>) {
        let rule = self.rule;
        let month = Days::month_of(date);
        let on_month_day = rule.month_days.is_empty()
            || rule
                .month_days
                .iter()
                .any(|day| month.numbered(*day) == Some(date));
        if self.in_months(date) && on_month_day && self.on_weekday(date, month) {
            dates.push(date);
        }
    }

    fn week(&self, first: Date, dates: &mut Vec<Date>) {
        for day in 0..7 {
            let Some(date) = plus_days(first, day) else {
                return;
            };
            let named = if self.rule.weekdays.is_empty() {
                date.weekday() == self.anchor.weekday()
            } else {
                self.on_weekday(date, Days { first, last: date })
            };
            if named && self.in_months(date) {
                dates.push(date);
            }
        }
    }

    fn month(&self, first: Date, dates: &mut Vec<Date>) {
        if self.in_months(first) {
            let month = Days::month_of(first);
            self.days_of_month(month, month, dates);
        }
    }

    fn year(&self, first: Date, dates: &mut Vec<Date>) {
        let rule = self.rule;
        let year = Days {
            first,
            last: first.last_of_year(),
        };
        let no_days = rule.month_days.is_empty() && rule.weekdays.is_empty();
        if rule.months.is_empty() && rule.month_days.is_empty() && !no_days {
            for weekday in &rule.weekdays {
                year.weekdays(*weekday, dates);
            }
            return;
        }
        for number in 1..=12 {
            let Some(first) = month_after(first, number - 1) else {
                return;
            };
            let month = Days::month_of(first);
            let named = if rule.months.is_empty() {
                !no_days || first.month() == self.anchor.month()
            } else {
                self.in_months(first)
            };
            if named {
                // Where BYMONTH is absent, a numbered weekday is counted in the year.
                let counted_in = if rule.months.is_empty() { year } else { month };
                self.days_of_month(month, counted_in, dates);
            }
        }
    }

    /// The days of a month by BYMONTHDAY limited by BYDAY, by BYDAY, or the anchor's day.
    fn days_of_month(&self, month: Days, counted_in: Days, dates: &mut Vec<Date>) {
        let rule = self.rule;
        if !rule.month_days.is_empty() {
            let days = rule
                .month_days
                .iter()
                .filter_map(|day| month.numbered(*day));
            dates.extend(days.filter(|date| self.on_weekday(*date, counted_in)));
        } else if rule.weekdays.is_empty() {
            dates.extend(month.numbered(self.anchor.day()));
        } else {
            for weekday in &rule.weekdays {
                month.weekdays(*weekday, dates);
            }
        }
    }

    fn in_months(&self, date: Date) -> bool {
        self.rule.months.is_empty() || self.rule.months.contains(&date.month())
    }

    fn on_weekday(&self, date: Date, counted_in: Days) -> bool {
        let weekdays = &self.rule.weekdays;
        weekdays.is_empty()
            || weekdays
                .iter()
                .any(|weekday| counted_in.names(*weekday, date))
    }

    fn select_positions(&self, dates: &mut Vec<Date>) {
        if self.rule.set_positions.is_empty() {
            return;
        }
        let length = dates.len();
        let mut place = 0;
        dates.retain(|_| {
            place += 1;
            self.rule.set_positions.iter().any(|position| {
                let distance = usize::from(position.unsigned_abs());
                if *position > 0 {
                    place == distance
                } else {
                    place + distance == length + 1
                }
            })
        });
    }

    /// The first day of the week that `date` lies in; `None` before the calendar begins.
    fn week_of(&self, date: Date) -> Option<Date> {
        let days = date.weekday().since(self.rule.week_start);
        plus_days(date, -i64::from(days))
    }
}

impl Days {
    fn month_of(date: Date) -> Self {
        Self {
            first: date.first_of_month(),
            last: date.last_of_month(),
        }
    }

    /// The day of this month that `BYMONTHDAY` calls `number`, if the month has it.
    fn numbered(self, number: i8) -> Option<Date> {
        let last = self.last.day();
        let day = if number > 0 {
            number
        } else {
            last + 1 + number
        };
        Date::new(self.first.year(), self.first.month(), day).ok()
    }

    /// Adds the days that an entry of `BYDAY` names here.
    fn weekdays(self, rule: WeekdayRule, dates: &mut Vec<Date>) {
        let forward = i64::from(rule.weekday.since(self.first.weekday()));
        match rule.ordinal {
            None => {
                let mut day = plus_days(self.first, forward);
                while let Some(date) = day.filter(|date| *date <= self.last) {
                    dates.push(date);
                    day = plus_days(date, 7);
                }
            }
            Some(ordinal) => {
                let weeks = i64::from(ordinal.unsigned_abs()) - 1;
                let day = if ordinal > 0 {
                    plus_days(self.first, forward + 7 * weeks)
                } else {
                    let back = i64::from(self.last.weekday().since(rule.weekday));
                    plus_days(self.last, -(back + 7 * weeks))
                };
                dates.extend(day.filter(|date| (self.first..=self.last).contains(date)));
            }
        }
    }

    /// Whether an entry of `BYDAY`, counted in these days, names `date`.
    fn names(self, rule: WeekdayRule, date: Date) -> bool {
        let same = rule.weekday == date.weekday();
        same && rule.ordinal.is_none_or(|ordinal| {
            let days = if ordinal > 0 {
                days_between(self.first, date)
            } else {
                days_between(date, self.last)
            };
            days / 7 + 1 == i64::from(ordinal.unsigned_abs())
        })
    }
}

/// The first day of the month that is `months` after the month of `date`.
fn month_after(date: Date, months: i64) -> Option<Date> {
    let number = i64::from(date.year()) * 12 + i64::from(date.month()) - 1 + months;
    let year = i16::try_from(number.div_euclid(12)).ok()?;
    let month = i8::try_from(number.rem_euclid(12) + 1).ok()?;
    Date::new(year, month, 1).ok()
}

fn greatest_common_divisor(left: u32, right: u32) -> u32 {
    if right == 0 {
        left
    } else {
        greatest_common_divisor(right, left % right)
    }
}
