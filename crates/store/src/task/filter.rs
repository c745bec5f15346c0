//! Which tasks are meant, as a condition. `TaskFilter::matches` says what it has to come to.

use domain::{DueFilter, DueRange, SearchText, StatusKind, TaskFilter, TrashFilter, UserId};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, Condition};

use crate::entity::task::Column;
use crate::{Backend, time};

/// How far from midnight in UTC a date may begin, in any zone, and then some.
const ZONES: SignedDuration = SignedDuration::from_hours(48);

/// The shortest word that an index of trigrams helps to find, in characters.
const TRIGRAM: usize = 3;

pub(super) fn condition(backend: Backend, user: &UserId, filter: &TaskFilter) -> Condition {
    let mut condition = Condition::all().add(Column::UserId.eq(user.as_str()));
    condition = match filter.trash {
        TrashFilter::Exclude => condition.add(Column::DeletedAt.is_null()),
        TrashFilter::Include => condition,
        TrashFilter::Only => condition.add(Column::DeletedAt.is_not_null()),
    };
    if let Some((first, others)) = filter.statuses.split_first()
        && others.iter().all(|status| status == first)
    {
        condition = condition.add(match first {
            StatusKind::Pending => Column::CompletedAt.is_null(),
            StatusKind::Completed => Column::CompletedAt.is_not_null(),
        });
    }
    if !filter.priorities.is_empty() {
        let ranks = filter.priorities.iter().map(|priority| priority.rank());
        condition = condition.add(Column::Priority.is_in(ranks));
    }
    if !filter.categories.is_empty() {
        let names = filter.categories.iter().map(|category| category.as_str());
        condition = condition.add(Column::Category.is_in(names));
    }
    if !filter.tags.is_empty() {
        condition = condition.add(tags(backend, filter));
    }
    if let Some(search) = &filter.search {
        condition = condition.add(words(backend, search));
    }
    match &filter.due {
        None => condition,
        Some(DueFilter::Undated) => condition.add(Column::DueStartsAt.is_null()),
        Some(DueFilter::Dated(range)) => condition.add(dated(range)),
    }
}

/// Pending tasks that are overdue at `now` to a reader in a zone whose date is then `today`.
pub(super) fn overdue(now: Timestamp, today: Date) -> Condition {
    Condition::all().add(Column::CompletedAt.is_null()).add(
        Condition::any()
            .add(Column::DueDate.lt(time::date(today)))
            .add(Column::DueAt.lt(time::instant(now))),
    )
}

/// Tasks that are due on the days of a range. The bounds on `due_starts_at` follow from the rest:
/// they are there for the index.
pub(super) fn dated(range: &DueRange) -> Condition {
    let mut days = Condition::all().add(Column::DueDate.is_not_null());
    let mut moments = Condition::all().add(Column::DueAt.is_not_null());
    let mut condition = Condition::all().add(Column::DueStartsAt.is_not_null());
    if let (Some(date), Some(start)) = (range.first_date, range.starts_at()) {
        days = days.add(Column::DueDate.gte(time::date(date)));
        moments = moments.add(Column::DueAt.gte(time::instant(start)));
        if let Ok(earliest) = utc_midnight(date).checked_sub(ZONES) {
            condition = condition.add(Column::DueStartsAt.gte(time::instant(earliest)));
        }
    }
    if let (Some(date), Some(end)) = (range.last_date, range.ends_before()) {
        days = days.add(Column::DueDate.lte(time::date(date)));
        moments = moments.add(Column::DueAt.lt(time::instant(end)));
        let latest = utc_midnight(date).checked_add(ZONES + SignedDuration::from_hours(24));
        if let Ok(latest) = latest {
            condition = condition.add(Column::DueStartsAt.lt(time::instant(latest)));
        }
    }
    condition = condition.add(Condition::any().add(days).add(moments));
    if let Some(now) = range.overdue_at {
        condition = condition.add(overdue(now, range.zone.local_date(now)));
        if let Ok(latest) = now.checked_add(ZONES) {
            condition = condition.add(Column::DueStartsAt.lt(time::instant(latest)));
        }
    }
    condition
}

fn utc_midnight(date: Date) -> Timestamp {
    TimeZone::UTC
        .to_ambiguous_timestamp(date.to_datetime(Time::midnight()))
        .compatible()
        .unwrap_or(Timestamp::MAX)
}

fn tags(backend: Backend, filter: &TaskFilter) -> Condition {
    let tags = filter.tags.iter().map(domain::Tag::as_str);
    match backend {
        Backend::Postgres => {
            let all: serde_json::Value = tags.collect();
            Condition::all().add(Expr::cust_with_values("tags @> $1", [all]))
        }
        Backend::Sqlite => tags.fold(Condition::all(), |condition, tag| {
            condition.add(Expr::cust_with_values(
                "EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?)",
                [tag],
            ))
        }),
    }
}

/// Every word stands in the folded text. Both indexes know trigrams only, and only propose rows;
/// what a word shorter than that costs is bounded by the owner's tasks.
fn words(backend: Backend, search: &SearchText) -> Condition {
    let mut condition = Condition::all();
    match backend {
        Backend::Postgres => {
            for word in search.words() {
                let pattern = format!("%{}%", escape_like(word));
                condition = condition.add(Column::SearchText.like(pattern));
            }
        }
        Backend::Sqlite => {
            for word in search.words() {
                condition = condition.add(Expr::cust_with_values(
                    "instr(search_text, ?) > 0",
                    [word.as_str()],
                ));
            }
            if let Some(proposal) = full_text_query(search) {
                condition = condition.add(Expr::cust_with_values(
                    "row_number IN (SELECT rowid FROM tasks_search WHERE tasks_search MATCH ?)",
                    [proposal],
                ));
            }
        }
    }
    condition
}

/// The words as text in a LIKE pattern, whose escape character is the backslash.
fn escape_like(word: &str) -> String {
    let mut escaped = String::with_capacity(word.len());
    for character in word.chars() {
        if matches!(character, '%' | '_' | '\\') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// The words that are long enough, each as a quoted phrase of FTS5; a phrase of trigrams in their
/// order is the word itself.
fn full_text_query(search: &SearchText) -> Option<String> {
    let phrases: Vec<_> = search
        .words()
        .iter()
        .filter(|word| word.chars().count() >= TRIGRAM)
        .map(|word| format!("\"{}\"", word.replace('"', "\"\"")))
        .collect();
    (!phrases.is_empty()).then(|| phrases.join(" AND "))
}
