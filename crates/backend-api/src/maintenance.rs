//! Removes what has been kept long enough, at the ticks of a cron binding.

use std::time::Duration;

use async_trait::async_trait;
use domain::UserId;
use jiff::Timestamp;
use service_kit::{HandleBinding, HandleError, Kit};
use store::{Store, StoreError, Tx};

use crate::Settings;

/// How many deleted accounts one tick looks after.
const ACCOUNTS: u32 = 20;

/// Removes what has been kept long enough. Every replica does it at every tick: they take different
/// rows, in bounded transactions.
#[derive(Clone, Debug)]
pub struct Maintenance {
    kit: Kit,
    settings: Settings,
}

/// Something that goes.
#[derive(Clone, Copy, Debug)]
enum Removal<'a> {
    /// Tasks that were put in the trash before.
    Trash { before: Timestamp },
    /// Request ids that have expired.
    RequestIds { now: Timestamp },
    /// Notifications that were deleted before.
    Notifications { before: Timestamp },
    /// The tombstones of accounts that were deleted before, and of which nothing is left.
    Tombstones { before: Timestamp },
    /// What is left of a deleted account.
    Account(&'a UserId),
    /// What the audit trail tells of a deleted account.
    AuditTrail(&'a UserId),
}

impl Maintenance {
    /// The maintenance of a kit's database.
    pub fn new(kit: Kit, settings: Settings) -> Self {
        Self { kit, settings }
    }

    async fn sweep(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let Settings {
            trash,
            deleted_notifications,
            tombstones,
            ..
        } = self.settings;
        let removals = [
            Removal::Trash {
                before: before(now, trash),
            },
            Removal::RequestIds { now },
            Removal::Notifications {
                before: before(now, deleted_notifications),
            },
            Removal::Tombstones {
                before: before(now, tombstones),
            },
        ];
        for removal in removals {
            self.remove_all(store, removal).await?;
        }
        Ok(())
    }

    /// Finishes the deletion of accounts: what a crash left, what events under way have added, and
    /// the contents of the audit trail.
    async fn erase_accounts(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let accounts = store.read().await?.account_list_unerased(ACCOUNTS).await?;
        for account in accounts {
            let user = &account.user_id;
            let emptied = self.remove_all(store, Removal::Account(user)).await?
                && self.remove_all(store, Removal::AuditTrail(user)).await?;
            if emptied {
                let tx = store.begin().await?;
                tx.account_mark_erased(user, now).await?;
                tx.commit().await?;
            }
        }
        Ok(())
    }

    /// Removes in one transaction after another until nothing more is found, which is true, or the
    /// drain begins, which is false.
    async fn remove_all(&self, store: &Store, removal: Removal<'_>) -> Result<bool, StoreError> {
        while !self.kit.lifecycle().is_draining() {
            let tx = store.begin().await?;
            let removed = removal.remove(&tx, self.settings.batch).await?;
            tx.commit().await?;
            if removed == 0 {
                return Ok(true);
            }
            metrics::counter!("errand_maintenance_removed_total", "what" => removal.name())
                .increment(removed);
        }
        Ok(false)
    }
}

impl Removal<'_> {
    /// Removes at most `limit` and tells how many.
    async fn remove(self, tx: &Tx, limit: u32) -> Result<u64, StoreError> {
        match self {
            Self::Trash { before } => tx.task_purge(before, limit).await,
            Self::RequestIds { now } => tx.request_purge(now, limit).await,
            Self::Notifications { before } => tx.notification_purge(before, limit).await,
            Self::Tombstones { before } => tx.account_purge(before, limit).await,
            Self::Account(user) => tx.account_delete_data(user, limit).await,
            Self::AuditTrail(user) => tx.account_erase_audit(user, limit).await,
        }
    }

    /// What it is called in metrics.
    fn name(self) -> &'static str {
        match self {
            Self::Trash { .. } => "trash",
            Self::RequestIds { .. } => "request_ids",
            Self::Notifications { .. } => "notifications",
            Self::Tombstones { .. } => "tombstones",
            Self::Account(_) => "account_data",
            Self::AuditTrail(_) => "audit_contents",
        }
    }
}

#[async_trait]
impl HandleBinding for Maintenance {
    async fn run(&self) -> Result<(), HandleError> {
        let store = self.kit.store()?;
        let now = self.kit.now();
        self.sweep(&store, now).await?;
        self.erase_accounts(&store, now).await?;
        Ok(())
    }
}

fn before(now: Timestamp, age: Duration) -> Timestamp {
    now.checked_sub(age).unwrap_or(Timestamp::MIN)
}
