use std::fmt;

use sea_orm::{DbErr, RuntimeErr};

use crate::UniqueKey;

/// Why the store did not do what it was asked. Nothing of the transaction has happened, with one
/// exception: a commit that ends in [`Outage::ConnectionLost`] may have.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database cannot answer now; the same call may succeed later.
    #[error("the database is unavailable: {outage}")]
    Unavailable {
        /// What is the matter.
        outage: Outage,
        /// What the database or its driver said.
        #[source]
        source: Option<Box<DbErr>>,
    },
    /// There is such a row already, or the row is no longer the one that was read.
    #[error("there was a conflict over {0}")]
    Conflict(UniqueKey),
    /// The account is deleted, and takes no change.
    #[error("the account is deleted")]
    AccountDeleted,
    /// The database has been migrated by a later version.
    #[error("the database is newer than this program: it has the migration {version}")]
    NewerSchema {
        /// The newest migration it has had.
        version: String,
    },
    /// The database lacks migrations, or has had none at all.
    #[error("the database is not migrated; run errand migrate")]
    NotMigrated,
    /// A value in a row is none that this program can have written.
    #[error("the column {column} of a row in {table} holds an impossible value")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// The address is none of a PostgreSQL or SQLite database.
    #[error("the database URL is not valid: {reason}")]
    InvalidUrl {
        /// What is wrong with it, without the address itself.
        reason: String,
    },
    /// A connection to a SQLite file would not flush each commit to the disk.
    #[error("the SQLite file does not run with synchronous=FULL and journal_mode=WAL")]
    NotDurable,
    /// The transaction holds a failed statement, so that it cannot be committed.
    #[error("the transaction had failed before")]
    TransactionFailed,
    /// A page position belongs to a list in another order.
    #[error("the page position belongs to another order")]
    WrongPosition,
    /// Anything else, which is a fault of the program or of the schema.
    #[error("a database statement failed")]
    Database(#[source] Box<DbErr>),
}

/// What keeps a database from answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outage {
    /// It is away, shutting down, or dropped the connection.
    ConnectionLost,
    /// No connection became free in time.
    Busy,
    /// A lock was not to be had in time.
    Locked,
    /// A statement, or a whole transaction, ran longer than it may.
    TimedOut,
    /// The transaction and another one waited for each other.
    Deadlock,
    /// The transaction and another one cannot both be.
    Serialization,
    /// The disk is full, or fails.
    Disk,
    /// The database takes no writes: a standby, or a file without the right to write.
    ReadOnly,
}

impl StoreError {
    /// It did not answer in the time that its caller had for it.
    pub fn timed_out() -> Self {
        Self::Unavailable {
            outage: Outage::TimedOut,
            source: None,
        }
    }

    /// Whether the same transaction, tried again, may succeed.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Unavailable { .. })
    }
}

impl fmt::Display for Outage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ConnectionLost => "the connection is lost",
            Self::Busy => "no connection became free in time",
            Self::Locked => "a lock was not free in time",
            Self::TimedOut => "it took too long to answer",
            Self::Deadlock => "a deadlock was resolved against this transaction",
            Self::Serialization => "another transaction came in between",
            Self::Disk => "the disk is full or failing",
            Self::ReadOnly => "it is read-only",
        })
    }
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        if matches!(&error, DbErr::Custom(message) if message == ALREADY_FAILED) {
            return Self::TransactionFailed;
        }
        let classified = match &error {
            DbErr::Conn(RuntimeErr::SqlxError(source))
            | DbErr::Exec(RuntimeErr::SqlxError(source))
            | DbErr::Query(RuntimeErr::SqlxError(source)) => classify(source),
            _ => None,
        };
        match classified {
            Some(Fault::Outage(outage)) => Self::Unavailable {
                outage,
                source: Some(Box::new(error)),
            },
            Some(Fault::Unique(key)) => Self::Conflict(key),
            None => Self::Database(Box::new(error)),
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::from(DbErr::Conn(RuntimeErr::SqlxError(error.into())))
    }
}

/// What a session answers after a failure; SeaORM has no error of its own for it.
pub(crate) const ALREADY_FAILED: &str = "an earlier statement of the transaction failed";

enum Fault {
    Outage(Outage),
    Unique(UniqueKey),
}

fn classify(error: &sqlx::Error) -> Option<Fault> {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed
        | sqlx::Error::BeginFailed
        // A connection that ends in the middle of a message is a protocol error to the driver.
        | sqlx::Error::Protocol(_) => Some(Fault::Outage(Outage::ConnectionLost)),
        sqlx::Error::PoolTimedOut => Some(Fault::Outage(Outage::Busy)),
        sqlx::Error::Database(database) => {
            let code = database.code()?;
            if database.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                classify_sqlite(&code, database.message())
            } else {
                classify_postgres(&code, database.constraint())
            }
        }
        _ => None,
    }
}

/// By SQLSTATE: <https://www.postgresql.org/docs/current/errcodes-appendix.html>.
fn classify_postgres(code: &str, constraint: Option<&str>) -> Option<Fault> {
    let outage = match code {
        "23505" => {
            return Some(Fault::Unique(UniqueKey::from_index(
                constraint.unwrap_or_default(),
            )));
        }
        "40001" => Outage::Serialization,
        "40P01" => Outage::Deadlock,
        "55P03" => Outage::Locked,
        "57014" => Outage::TimedOut,
        "25006" => Outage::ReadOnly,
        // No room on disk, no memory, an error of the disk.
        "53100" | "53200" | "58030" => Outage::Disk,
        // Too many connections.
        "53300" => Outage::Busy,
        // Sessions ended for standing idle, or with their database.
        "25P03" | "57P04" | "57P05" => Outage::ConnectionLost,
        _ => match code.get(..2)? {
            // Connection exceptions, also the pooler's own, and a server that shuts down or starts.
            "08" | "57" => Outage::ConnectionLost,
            _ => return None,
        },
    };
    Some(Fault::Outage(outage))
}

/// By extended result code: <https://www.sqlite.org/rescode.html>.
fn classify_sqlite(code: &str, message: &str) -> Option<Fault> {
    let code: i32 = code.parse().ok()?;
    // SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE
    if code == 1555 || code == 2067 {
        return Some(Fault::Unique(UniqueKey::from_message(message)));
    }
    let outage = match code & 0xff {
        5 | 6 => Outage::Locked,
        7 | 10 | 13 => Outage::Disk,
        8 => Outage::ReadOnly,
        14 => Outage::ConnectionLost,
        _ => return None,
    };
    Some(Fault::Outage(outage))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_of_the_moment_are_told_from_faults_of_the_program() {
        let outage = |code: &str| match classify_postgres(code, None) {
            Some(Fault::Outage(outage)) => Some(outage),
            _ => None,
        };
        assert_eq!(outage("40001"), Some(Outage::Serialization));
        assert_eq!(outage("40P01"), Some(Outage::Deadlock));
        assert_eq!(outage("53100"), Some(Outage::Disk));
        assert_eq!(outage("57P01"), Some(Outage::ConnectionLost));
        assert_eq!(outage("08P01"), Some(Outage::ConnectionLost));
        assert_eq!(outage("57014"), Some(Outage::TimedOut));
        assert_eq!(outage("42P01"), None, "a missing table does not come back");
        assert_eq!(
            outage("22021"),
            None,
            "a text that cannot be stored never can"
        );
    }

    #[test]
    fn sqlite_codes_are_read_with_their_extension() {
        let outage = |code: &str| match classify_sqlite(code, "") {
            Some(Fault::Outage(outage)) => Some(outage),
            _ => None,
        };
        assert_eq!(outage("5"), Some(Outage::Locked));
        assert_eq!(outage("517"), Some(Outage::Locked), "SQLITE_BUSY_SNAPSHOT");
        assert_eq!(outage("13"), Some(Outage::Disk));
        assert_eq!(outage("778"), Some(Outage::Disk), "SQLITE_IOERR_WRITE");
        assert_eq!(outage("1"), None);
        assert_eq!(outage("787"), None, "SQLITE_CONSTRAINT_FOREIGNKEY");
    }
}
