//! All that is kept of a user.

use domain::{Payload, Update, UpdateAction, UpdateItem};
use jiff::Timestamp;
use service_kit::{ApiError, Context, ErrorKind, Kit};

/// The most rows that one transaction of a deletion removes.
const BATCH: u32 = 500;

/// The use cases of accounts. A cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    kit: Kit,
}

impl Accounts {
    pub(crate) fn new(kit: Kit) -> Self {
        Self { kit }
    }

    /// Deletes the caller's account and gives the time at which it was deleted first.
    ///
    /// The tombstone comes first: from its commit on no change of this user succeeds and no event
    /// of this user has an effect. Then the data goes, in bounded transactions. Whatever a crash
    /// leaves, the maintenance removes; it also erases the contents of the audit trail.
    pub(crate) async fn delete(&self, context: &Context) -> Result<Timestamp, ApiError> {
        let deleted_at = self.tombstone(context).await?;
        while self.delete_some(context).await? {}
        Ok(deleted_at)
    }

    async fn tombstone(&self, context: &Context) -> Result<Timestamp, ApiError> {
        if let Some(deleted_at) = self.deleted_at(context).await? {
            return Ok(deleted_at);
        }
        let outcome = self
            .kit
            .transact(context, async |mut work| {
                let now = work.now();
                // Screens are told in the last event of the account, which has to be in the outbox
                // before the tombstone: nothing gets in after it.
                work.publish(Payload::Updates(Update {
                    action: UpdateAction::Deleted,
                    item: UpdateItem::AccountDeleted { deleted_at: now },
                }));
                work.flush().await?;
                let deleted_at = work.tx().account_tombstone(work.user(), now).await?;
                work.commit().await?;
                Ok(deleted_at)
            })
            .await;
        match outcome {
            // Another call of the same user came first.
            Err(error) if error.kind() == ErrorKind::AccountDeleted => {
                self.deleted_at(context).await?.ok_or(error)
            }
            outcome => outcome,
        }
    }

    async fn deleted_at(&self, context: &Context) -> Result<Option<Timestamp>, ApiError> {
        let account = self.kit.read().await?.account_get(&context.user).await?;
        Ok(account.and_then(|account| account.deleted_at))
    }

    /// Removes a batch of rows. False once nothing is left.
    async fn delete_some(&self, context: &Context) -> Result<bool, ApiError> {
        self.kit
            .transact(context, async |work| {
                let deleted = work.tx().account_delete_data(work.user(), BATCH).await?;
                work.commit().await?;
                Ok(0 < deleted)
            })
            .await
    }
}
