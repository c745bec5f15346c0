//! What happened, one row an event, never changed.

use domain::{
    Actor, ActorKind, AppId, CorrelationId, EventId, PagePosition, SortKey, TaskId, Topic, UserId,
};
use jiff::Timestamp;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use crate::entity::audit_log::{Column, Entity, Model};
use crate::row::Table;
use crate::{ReadTx, StoreError, time};

mod insert;

const AUDIT_LOGS: Table = Table("audit_logs");

/// What every entry is about.
const TASK: &str = "task";

/// One thing that happened to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// The event that told of it.
    pub event_id: EventId,
    /// Whose task it was.
    pub user_id: UserId,
    /// Its place among all that happened to the user's tasks.
    pub sequence: i64,
    /// What happened: its topic, which has one type of event.
    pub topic: Topic,
    /// When.
    pub occurred_at: Timestamp,
    /// To which task.
    pub task_id: TaskId,
    /// Who did it.
    pub actor: Actor,
    /// Ties it to the request that caused it.
    pub correlation_id: CorrelationId,
    /// The service in which it happened.
    pub source: AppId,
    /// The event's `data` in JSON, with the task before and after; `None` once the account is
    /// deleted.
    pub data: Option<String>,
}

/// Which entries are meant. Every part that says something must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only of this task.
    pub task_id: Option<TaskId>,
    /// Only of these topics; of all if there is none.
    pub topics: Vec<Topic>,
    /// Only what happened at or after this moment.
    pub occurred_from: Option<Timestamp>,
    /// Only what happened before this moment.
    pub occurred_before: Option<Timestamp>,
}

impl AuditEntry {
    /// Its place in the list, for the next page.
    pub fn position(&self) -> PagePosition {
        PagePosition {
            key: SortKey::Sequence(self.sequence),
            id: self.event_id.0,
        }
    }
}

impl ReadTx {
    /// What happened to a user's tasks, newest first, at most `limit`, those after a position.
    pub async fn audit_list(
        &self,
        user: &UserId,
        filter: &AuditFilter,
        after: Option<&PagePosition>,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let mut query = select(user, filter);
        if let Some(position) = after {
            let SortKey::Sequence(sequence) = position.key else {
                return Err(StoreError::WrongPosition);
            };
            query = query.filter(Column::Sequence.lt(sequence));
        }
        let rows = query.limit(u64::from(limit)).all(&self.session).await?;
        rows.into_iter().map(|row| read(user, row)).collect()
    }

    /// As [`ReadTx::audit_list`], for clients that count: leaves out the first `offset`.
    pub async fn audit_list_from(
        &self,
        user: &UserId,
        filter: &AuditFilter,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<AuditEntry>, StoreError> {
        let query = select(user, filter).offset(offset).limit(u64::from(limit));
        query
            .all(&self.session)
            .await?
            .into_iter()
            .map(|row| read(user, row))
            .collect()
    }
}

fn select(user: &UserId, filter: &AuditFilter) -> Select<Entity> {
    let mut query = Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .order_by_desc(Column::Sequence);
    if let Some(task) = filter.task_id {
        query = query.filter(Column::EntityId.eq(task.0));
    }
    if !filter.topics.is_empty() {
        let types = filter.topics.iter().map(|topic| topic.event_type());
        query = query.filter(Column::EventType.is_in(types));
    }
    if let Some(from) = filter.occurred_from {
        query = query.filter(Column::OccurredAt.gte(time::instant(from)));
    }
    if let Some(before) = filter.occurred_before {
        query = query.filter(Column::OccurredAt.lt(time::instant(before)));
    }
    query
}

fn read(user: &UserId, row: Model) -> Result<AuditEntry, StoreError> {
    if row.entity_type != TASK {
        return Err(AUDIT_LOGS.corrupt("entity_type"));
    }
    Ok(AuditEntry {
        event_id: EventId(row.event_id),
        user_id: user.clone(),
        sequence: row.sequence,
        topic: Topic::from_event_type(&row.event_type)
            .ok_or_else(|| AUDIT_LOGS.corrupt("event_type"))?,
        occurred_at: AUDIT_LOGS.instant(row.occurred_at, "occurred_at")?,
        task_id: TaskId(row.entity_id),
        actor: Actor {
            kind: ActorKind::from_name(&row.actor_kind)
                .ok_or_else(|| AUDIT_LOGS.corrupt("actor_kind"))?,
            id: row.actor_id,
            token_id: row.actor_token_id,
        },
        correlation_id: CorrelationId::parse(&row.correlation_id)
            .map_err(|_| AUDIT_LOGS.corrupt("correlation_id"))?,
        source: row
            .source
            .parse()
            .map_err(|_| AUDIT_LOGS.corrupt("source"))?,
        data: row.data,
    })
}
