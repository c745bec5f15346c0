//! What tells whether a clock is wrong. Only `errand doctor` asks: no rule of Errand hangs on the
//! database's clock.

use jiff::Timestamp;

use crate::row::Table;
use crate::{Backend, ReadTx, StoreError};

const TASKS: Table = Table("tasks");

impl ReadTx {
    /// What the clock of the database's server shows. None on SQLite, which has no clock but this
    /// machine's.
    pub async fn server_clock(&self) -> Result<Option<Timestamp>, StoreError> {
        if self.session.backend() == Backend::Sqlite {
            return Ok(None);
        }
        let row = self
            .session
            .row("SELECT clock_timestamp() AS shown", [])
            .await?;
        let clock = Table("the server's clock");
        row.map(|row| clock.timestamp(&row, "shown")).transpose()
    }

    /// When a task was last changed, as whoever changed it had the time. None without tasks.
    pub async fn last_change(&self) -> Result<Option<Timestamp>, StoreError> {
        let row = self
            .session
            .row("SELECT max(updated_at) AS updated_at FROM tasks", [])
            .await?;
        let Some(row) = row else { return Ok(None) };
        TASKS.optional_instant(TASKS.get(&row, "updated_at")?, "updated_at")
    }
}
