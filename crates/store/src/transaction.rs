use std::ops::Deref;

use crate::session::Session;
use crate::{StoreError, metrics};

/// A transaction that reads. It ends when it is dropped.
#[derive(Debug)]
pub struct ReadTx {
    pub(crate) session: Session,
}

/// A transaction that reads and writes. Dropped without [`Tx::commit`], it never happened.
#[derive(Debug)]
pub struct Tx {
    pub(crate) read: ReadTx,
}

impl Tx {
    /// Makes everything that the transaction did lasting.
    ///
    /// An error means that nothing of it happened, but for one: if the connection is lost during
    /// the commit, nobody can tell, and whoever repeats the transaction relies on its unique keys.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.read
            .session
            .commit()
            .await
            .inspect_err(metrics::failed)
    }

    /// Takes everything back at once, instead of when the connection is next used.
    pub async fn rollback(self) -> Result<(), StoreError> {
        self.read.session.rollback().await
    }
}

impl Deref for Tx {
    type Target = ReadTx;

    fn deref(&self) -> &ReadTx {
        &self.read
    }
}
