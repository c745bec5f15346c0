//! Events that a service could not handle, kept for an operator to decide about.

use domain::AppId;
use jiff::Timestamp;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::entity::dead_letter::{Column, Entity, Model};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, time};

const DEAD_LETTERS: Table = Table("dead_letters");

/// An event that one service could not handle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The service.
    pub consumer: AppId,
    /// The event's id as it arrived: one that cannot be read may have any.
    pub event_id: String,
    /// The topic it came from.
    pub topic: String,
    /// Whose it is, where that could be read: with the account it is deleted.
    pub user_id: Option<String>,
    /// Why it could not be handled.
    pub reason: String,
    /// How often it was tried.
    pub attempts: u32,
    /// The media type of `payload`.
    pub content_type: String,
    /// The event as it arrived.
    pub payload: Vec<u8>,
    /// When it first came here.
    pub first_at: Timestamp,
    /// When it last came here.
    pub last_at: Timestamp,
}

/// A place in the list of dead letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetterPosition {
    /// [`DeadLetter::first_at`]
    pub first_at: Timestamp,
    /// [`DeadLetter::consumer`]
    pub consumer: AppId,
    /// [`DeadLetter::event_id`]
    pub event_id: String,
}

impl DeadLetter {
    /// Its place in the list.
    pub fn position(&self) -> DeadLetterPosition {
        DeadLetterPosition {
            first_at: self.first_at,
            consumer: self.consumer,
            event_id: self.event_id.clone(),
        }
    }
}

impl ReadTx {
    /// Dead letters, of one service or of all, oldest first, at most `limit`.
    pub async fn dead_letter_list(
        &self,
        consumer: Option<AppId>,
        after: Option<&DeadLetterPosition>,
        limit: u32,
    ) -> Result<Vec<DeadLetter>, StoreError> {
        let mut query = Entity::find()
            .order_by_asc(Column::FirstAt)
            .order_by_asc(Column::Consumer)
            .order_by_asc(Column::EventId)
            .limit(u64::from(limit));
        if let Some(consumer) = consumer {
            query = query.filter(Column::Consumer.eq(consumer.as_str()));
        }
        if let Some(after) = after {
            let first_at = time::instant(after.first_at);
            let consumer = after.consumer.as_str();
            let later_event = Column::EventId.gt(after.event_id.as_str());
            let later_consumer = Column::Consumer
                .gt(consumer)
                .or(Column::Consumer.eq(consumer).and(later_event));
            query = query.filter(
                Condition::any()
                    .add(Column::FirstAt.gt(first_at))
                    .add(Column::FirstAt.eq(first_at).and(later_consumer)),
            );
        }
        query
            .all(&self.session)
            .await?
            .into_iter()
            .map(read)
            .collect()
    }

    /// The dead letter of a service and event.
    pub async fn dead_letter_get(
        &self,
        consumer: AppId,
        event_id: &str,
    ) -> Result<Option<DeadLetter>, StoreError> {
        let row = Entity::find()
            .filter(Column::Consumer.eq(consumer.as_str()))
            .filter(Column::EventId.eq(event_id))
            .one(&self.session)
            .await?;
        row.map(read).transpose()
    }
}

impl Tx {
    /// Keeps an event. One that is kept already gets the new reason, and its attempts add up.
    pub async fn dead_letter_put(&self, letter: &DeadLetter) -> Result<(), StoreError> {
        self.session
            .change(
                "INSERT INTO dead_letters AS d (consumer, event_id, topic, user_id, reason, \
                 attempts, content_type, payload, first_at, last_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                 ON CONFLICT (consumer, event_id) DO UPDATE SET reason = excluded.reason, \
                 attempts = d.attempts + excluded.attempts, last_at = excluded.last_at",
                [
                    letter.consumer.as_str().into(),
                    letter.event_id.as_str().into(),
                    letter.topic.as_str().into(),
                    letter.user_id.clone().into(),
                    letter.reason.as_str().into(),
                    i32::try_from(letter.attempts).unwrap_or(i32::MAX).into(),
                    letter.content_type.as_str().into(),
                    letter.payload.clone().into(),
                    time::instant(letter.first_at).into(),
                    time::instant(letter.last_at).into(),
                ],
            )
            .await?;
        Ok(())
    }

    /// Removes a dead letter; false if there is none.
    pub async fn dead_letter_delete(
        &self,
        consumer: AppId,
        event_id: &str,
    ) -> Result<bool, StoreError> {
        let deleted = Entity::delete_many()
            .filter(Column::Consumer.eq(consumer.as_str()))
            .filter(Column::EventId.eq(event_id))
            .exec(&self.session)
            .await?;
        Ok(deleted.rows_affected == 1)
    }
}

fn read(row: Model) -> Result<DeadLetter, StoreError> {
    Ok(DeadLetter {
        consumer: row
            .consumer
            .parse()
            .map_err(|_| DEAD_LETTERS.corrupt("consumer"))?,
        event_id: row.event_id,
        topic: row.topic,
        user_id: row.user_id,
        reason: row.reason,
        attempts: u32::try_from(row.attempts).map_err(|_| DEAD_LETTERS.corrupt("attempts"))?,
        content_type: row.content_type,
        payload: row.payload,
        first_at: DEAD_LETTERS.instant(row.first_at, "first_at")?,
        last_at: DEAD_LETTERS.instant(row.last_at, "last_at")?,
    })
}
