//! From columns to the domain's values. A row may come from an earlier or a later version, or from
//! a person's hand: what cannot be read is an error that names the column, never a panic.

use chrono::{DateTime, Utc};
use jiff::Timestamp;
use sea_orm::{DbErr, QueryResult, RuntimeErr, TryGetable};

use crate::{StoreError, time};

/// Reads a row's columns into the fields of the same names, as the drivers do it. SeaORM's own way
/// makes a text of each column's name and of each null, which for a page of tasks costs more than
/// the query.
macro_rules! from_columns {
    ($row:ident { $($column:ident),+ $(,)? }) => {
        impl sea_orm::FromQueryResult for $row {
            fn from_query_result(
                row: &sea_orm::QueryResult,
                _prefix: &str,
            ) -> Result<Self, sea_orm::DbErr> {
                use sqlx::Row as _;

                macro_rules! read {
                    ($driver:expr) => {
                        $row { $($column: $driver.try_get(stringify!($column)).map_err($crate::row::unreadable)?),+ }
                    };
                }
                if let Some(row) = row.try_as_pg_row() {
                    Ok(read!(row))
                } else if let Some(row) = row.try_as_sqlite_row() {
                    Ok(read!(row))
                } else {
                    Err(sea_orm::DbErr::Custom("a row of another database".into()))
                }
            }
        }
    };
}
pub(crate) use from_columns;

/// A column that the driver cannot read.
pub(crate) fn unreadable(error: sqlx::Error) -> DbErr {
    DbErr::Query(RuntimeErr::SqlxError(error.into()))
}

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
