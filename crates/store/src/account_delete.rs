//! What goes with a deleted account. The tombstone comes first ([`Tx::account_tombstone`]); then the
//! data goes in batches, each a transaction of its own, until nothing is left.

use domain::UserId;
use jiff::{SignedDuration, Timestamp};

use crate::{StoreError, Tx, time};

/// How old a tombstone must be before an account counts as erased: whatever began without seeing it
/// has ended by then.
const SETTLED: SignedDuration = SignedDuration::from_mins(2);

/// A statement for each table: at most `$2` rows of the user `$1`. Reminders go with their tasks.
const DELETES: [&str; 6] = [
    "DELETE FROM tasks WHERE user_id = $1 AND id IN \
     (SELECT id FROM tasks WHERE user_id = $1 LIMIT $2)",
    "DELETE FROM notifications WHERE user_id = $1 AND id IN \
     (SELECT id FROM notifications WHERE user_id = $1 LIMIT $2)",
    "DELETE FROM request_ids WHERE user_id = $1 AND (method, request_id) IN \
     (SELECT method, request_id FROM request_ids WHERE user_id = $1 LIMIT $2)",
    "DELETE FROM dead_letters WHERE user_id = $1 AND (consumer, event_id) IN \
     (SELECT consumer, event_id FROM dead_letters WHERE user_id = $1 LIMIT $2)",
    // Events on their way out are published; those that never will be hold contents.
    "DELETE FROM outbox WHERE parked_at IS NOT NULL AND user_id = $1 AND position IN \
     (SELECT position FROM outbox WHERE parked_at IS NOT NULL AND user_id = $1 LIMIT $2)",
    "DELETE FROM profiles WHERE user_id = $1 AND 0 < $2",
];

impl Tx {
    /// Deletes at most `limit` of the rows kept of a deleted account and tells how many; 0 once all
    /// is gone. Does nothing to an account that is not deleted. The audit trail stays:
    /// [`Tx::account_erase_audit`].
    pub async fn account_delete_data(&self, user: &UserId, limit: u32) -> Result<u64, StoreError> {
        let tombstone = self
            .account_get(user)
            .await?
            .and_then(|account| account.deleted_at);
        if tombstone.is_none() {
            return Ok(0);
        }
        let mut left = u64::from(limit);
        for sql in DELETES {
            if left == 0 {
                break;
            }
            let most = i64::try_from(left).unwrap_or(i64::MAX);
            let deleted = self
                .session
                .change(sql, [user.as_str().into(), most.into()])
                .await?;
            left = left.saturating_sub(deleted);
        }
        Ok(u64::from(limit) - left)
    }

    /// Erases the contents of at most `limit` audit entries of a deleted account and tells how
    /// many; 0 once all are erased. Ids and times stay.
    pub async fn account_erase_audit(&self, user: &UserId, limit: u32) -> Result<u64, StoreError> {
        self.session
            .change(
                "UPDATE audit_logs SET data = NULL, actor_token_id = NULL \
                 WHERE user_id = $1 AND event_id IN ( \
                   SELECT event_id FROM audit_logs WHERE user_id = $1 \
                   AND (data IS NOT NULL OR actor_token_id IS NOT NULL) \
                   ORDER BY sequence LIMIT $2) \
                 AND EXISTS (SELECT 1 FROM accounts AS a \
                   WHERE a.user_id = $1 AND a.deleted_at IS NOT NULL)",
                [user.as_str().into(), i64::from(limit).into()],
            )
            .await
    }

    /// Notes that nothing is left of a deleted account. False while its tombstone is so young that
    /// something begun before it may still be under way: then look again later.
    pub async fn account_mark_erased(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let settled = now.checked_sub(SETTLED).unwrap_or(Timestamp::MIN);
        let changed = self
            .session
            .change(
                "UPDATE accounts SET erased_at = $2 WHERE user_id = $1 AND deleted_at <= $3",
                [
                    user.as_str().into(),
                    time::instant(now).into(),
                    time::instant(settled).into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }
}
