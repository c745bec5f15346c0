use async_trait::async_trait;
use domain::Event;
use service_kit::{HandleBatch, HandleError, Received, UnitOfWork};
use store::AuditEntry;

/// Stores a row for each event, a batch in one statement.
///
/// The event's id is the row's key, so an event that comes again changes nothing; and rows are read
/// by their sequence, so it does not matter which comes first. Of a deleted account the store keeps
/// ids and times alone.
#[derive(Debug, Clone, Copy)]
pub struct RecordEvents;

#[async_trait]
impl HandleBatch for RecordEvents {
    async fn handle_batch(
        &self,
        batch: &[Received<'_>],
        work: &mut UnitOfWork,
    ) -> Result<(), HandleError> {
        let entries = batch.iter().map(|received| entry(received.event));
        let entries: Vec<_> = entries.collect::<Result<_, _>>()?;
        let stored = work.tx().audit_insert_many(&entries).await?;
        tracing::debug!(events = batch.len(), stored, "recorded");
        Ok(())
    }
}

fn entry(event: &Event) -> Result<AuditEntry, HandleError> {
    let task = event.payload.task();
    let task = task.ok_or_else(|| HandleError::permanent("the event is not about a task"))?;
    Ok(AuditEntry {
        event_id: event.id,
        user_id: event.user_id.clone(),
        sequence: event.sequence,
        topic: event.payload.topic(),
        occurred_at: event.occurred_at,
        task_id: task.id,
        actor: event.actor.clone(),
        correlation_id: event.correlation_id.clone(),
        source: event.source,
        data: Some(proto::event::data_json(&event.payload)),
    })
}
