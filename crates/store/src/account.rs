//! A user's account: the counters of its events, and whether it is deleted.

use domain::UserId;
use jiff::Timestamp;
use sea_orm::QueryResult;

use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, time};

const ACCOUNTS: Table = Table("accounts");

const COLUMNS: &str = "user_id, event_sequence, update_sequence, deleted_at";

/// A user who has changed something at least once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub user_id: UserId,
    /// The last number drawn for an event that is audited.
    pub event_sequence: i64,
    /// The last number drawn for an event of `task-updates`.
    pub update_sequence: i64,
    /// When it was deleted. It then takes no change any more.
    pub deleted_at: Option<Timestamp>,
}

impl ReadTx {
    /// The account of a user; `None` if the user never changed anything.
    pub async fn account_get(&self, user: &UserId) -> Result<Option<Account>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM accounts WHERE user_id = $1");
        let row = self.session.row(sql, [user.as_str().into()]).await?;
        row.as_ref().map(read).transpose()
    }

    /// Deleted accounts of which something may be left, oldest first, at most `limit`.
    pub async fn account_list_unerased(&self, limit: u32) -> Result<Vec<Account>, StoreError> {
        let sql = format!(
            "SELECT {COLUMNS} FROM accounts WHERE deleted_at IS NOT NULL AND erased_at IS NULL \
             ORDER BY deleted_at, user_id LIMIT $1"
        );
        self.session
            .rows(sql, [i64::from(limit).into()])
            .await?
            .iter()
            .map(read)
            .collect()
    }
}

impl Tx {
    /// Marks an account as deleted and gives the time at which it was deleted first. From the
    /// commit on every [`Tx::outbox_append`] for it fails, and so does whatever change it told of:
    /// the event that tells of the deletion itself is appended before this, in this transaction.
    pub async fn account_tombstone(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Timestamp, StoreError> {
        let row = self
            .session
            .row(
                "INSERT INTO accounts AS a (user_id, deleted_at) VALUES ($1, $2) \
                 ON CONFLICT (user_id) DO UPDATE \
                 SET deleted_at = coalesce(a.deleted_at, excluded.deleted_at) \
                 RETURNING deleted_at",
                [user.as_str().into(), time::instant(now).into()],
            )
            .await?
            .ok_or_else(|| ACCOUNTS.corrupt("deleted_at"))?;
        ACCOUNTS.timestamp(&row, "deleted_at")
    }
}

fn read(row: &QueryResult) -> Result<Account, StoreError> {
    Ok(Account {
        user_id: ACCOUNTS.parse(row, "user_id", UserId::parse)?,
        event_sequence: ACCOUNTS.get(row, "event_sequence")?,
        update_sequence: ACCOUNTS.get(row, "update_sequence")?,
        deleted_at: ACCOUNTS.optional_instant(ACCOUNTS.get(row, "deleted_at")?, "deleted_at")?,
    })
}
