//! From columns to the domain's values. A row may come from an earlier or a later version, or from
//! a person's hand: what cannot be read is an error that names the column, never a panic.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use sea_orm::{QueryResult, TryGetable};

use crate::{StoreError, time};

/// A table, for errors to name.
#[derive(Clone, Copy)]
pub(crate) struct Table(pub(crate) &'static str);

impl Table {
    /// The error that `column` holds what nobody can have written.
    pub(crate) fn corrupt(self, column: &'static str) -> StoreError {
        StoreError::Corrupt {
            table: self.0,
            column,
        }
    }

    /// The column of a row, as the driver reads it.
    pub(crate) fn get<T: TryGetable>(
        self,
        row: &QueryResult,
        column: &'static str,
    ) -> Result<T, StoreError> {
        row.try_get("", column).map_err(|_| self.corrupt(column))
    }

    /// A text column, parsed.
    pub(crate) fn parse<T, E>(
        self,
        row: &QueryResult,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Result<T, StoreError> {
        let text: String = self.get(row, column)?;
        parse(&text).map_err(|_| self.corrupt(column))
    }

    /// An instant.
    pub(crate) fn timestamp(
        self,
        row: &QueryResult,
        column: &'static str,
    ) -> Result<Timestamp, StoreError> {
        self.instant(self.get(row, column)?, column)
    }

    /// An instant, as the domain has it.
    pub(crate) fn instant(
        self,
        instant: DateTime<Utc>,
        column: &'static str,
    ) -> Result<Timestamp, StoreError> {
        time::timestamp(instant).ok_or_else(|| self.corrupt(column))
    }

    /// An instant that may be absent.
    pub(crate) fn optional_instant(
        self,
        instant: Option<DateTime<Utc>>,
        column: &'static str,
    ) -> Result<Option<Timestamp>, StoreError> {
        instant
            .map(|instant| self.instant(instant, column))
            .transpose()
    }
}
