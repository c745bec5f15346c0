use async_trait::async_trait;
use domain::UserId;
use service_kit::{HandleBinding, HandleError, Kit};

/// How many reminders one transaction claims, at most.
const BATCH: u32 = 100;

/// Finds the reminders that are due, a batch in one transaction: they are claimed, marked, and
/// their events written. What another replica has claimed is left to it, so each goes off once.
#[derive(Debug, Clone)]
pub struct Remind {
    kit: Kit,
}

impl Remind {
    /// Reminds by this kit.
    pub fn new(kit: Kit) -> Self {
        Self { kit }
    }

    /// Claims one batch. Returns whether there may be more.
    async fn remind_batch(&self) -> Result<bool, HandleError> {
        // The batch is of many users, each event of its own; the context is the service's.
        let own = UserId::parse(self.kit.app().as_str()).map_err(HandleError::unexpected)?;
        let mut work = self.kit.begin(&self.kit.own_context(own)).await?;
        let claimed = work.tx().reminder_claim_due(work.now(), BATCH).await?;
        if claimed.is_empty() {
            return Ok(false);
        }
        let (sent, missed, claims) = (claimed.due.len(), claimed.missed, claimed.len());
        for due in claimed.due {
            let owner = due.task.user_id.clone();
            work.publish_for(owner, due.task.reminder_due(&due.reminder));
        }
        work.commit().await?;
        tracing::info!(sent, missed, "reminders were due");
        metrics::counter!("errand_reminders_total", "outcome" => "sent").increment(sent as u64);
        metrics::counter!("errand_reminders_total", "outcome" => "missed").increment(missed as u64);
        Ok(claims == BATCH as usize)
    }
}

#[async_trait]
impl HandleBinding for Remind {
    async fn run(&self) -> Result<(), HandleError> {
        loop {
            match self.remind_batch().await {
                Ok(true) => {}
                // An account was deleted between claim and commit. The next tick leaves it out.
                Ok(false) | Err(HandleError::AccountDeleted) => return Ok(()),
                Err(error) => return Err(error),
            }
        }
    }
}
