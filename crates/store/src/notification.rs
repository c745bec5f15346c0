//! What users have been told.

mod write;

use domain::{
    Notification, NotificationId, NotificationKind, PagePosition, ReminderId, SortKey, TaskId,
    UserId,
};
use sea_orm::sea_query::{Expr, ExprTrait, LockType};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select, Value,
};

use crate::entity::notification::{Column, Entity, Model};
use crate::row::Table;
use crate::task::row::DueColumns;
use crate::{ReadTx, StoreError, time};

pub use self::write::MarkedRead;

const NOTIFICATIONS: Table = Table("notifications");

impl ReadTx {
    /// A user's notifications, newest first, at most `limit`, those after a position.
    pub async fn notification_list(
        &self,
        user: &UserId,
        unread_only: bool,
        after: Option<&PagePosition>,
        limit: u32,
    ) -> Result<Vec<Notification>, StoreError> {
        let mut query = of_user(user)
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(u64::from(limit));
        if unread_only {
            query = query.filter(Column::ReadAt.is_null());
        }
        if let Some(position) = after {
            let SortKey::CreatedAt(created_at) = position.key else {
                return Err(StoreError::WrongPosition);
            };
            let place = Expr::tuple([Expr::col(Column::CreatedAt), Expr::col(Column::Id)]);
            let last = [Value::from(time::instant(created_at)), position.id.into()];
            query = query.filter(place.lt(Expr::tuple(last.map(Expr::val))));
        }
        query
            .all(&self.session)
            .await?
            .into_iter()
            .map(|row| read(user, row))
            .collect()
    }

    /// A notification of the user; `None` if the user has none of this id.
    pub async fn notification_get(
        &self,
        user: &UserId,
        id: NotificationId,
    ) -> Result<Option<Notification>, StoreError> {
        self.notification_load(user, id, None).await
    }

    /// How many of a user's notifications are not read.
    pub async fn notification_unread_count(&self, user: &UserId) -> Result<i64, StoreError> {
        let count = of_user(user)
            .filter(Column::ReadAt.is_null())
            .count(&self.session)
            .await?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    async fn notification_load(
        &self,
        user: &UserId,
        id: NotificationId,
        lock: Option<LockType>,
    ) -> Result<Option<Notification>, StoreError> {
        let row = of_user(user)
            .filter(Column::Id.eq(id.0))
            .apply_if(lock, QuerySelect::lock)
            .one(&self.session)
            .await?;
        row.map(|row| read(user, row)).transpose()
    }
}

fn of_user(user: &UserId) -> Select<Entity> {
    Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .filter(Column::DeletedAt.is_null())
}

fn read(user: &UserId, row: Model) -> Result<Notification, StoreError> {
    let due = DueColumns {
        date: row.due_date,
        at: row.due_at,
        zone: row.due_zone,
    };
    Ok(Notification {
        id: NotificationId(row.id),
        user_id: user.clone(),
        kind: NotificationKind::from_name(&row.kind)
            .ok_or_else(|| NOTIFICATIONS.corrupt("kind"))?,
        task_id: TaskId(row.task_id),
        task_title: row.task_title,
        due: due.into_due(NOTIFICATIONS)?,
        reminder_id: ReminderId(row.reminder_id),
        remind_at: NOTIFICATIONS.instant(row.remind_at, "remind_at")?,
        read_at: NOTIFICATIONS.optional_instant(row.read_at, "read_at")?,
        created_at: NOTIFICATIONS.instant(row.created_at, "created_at")?,
        snoozed_until: NOTIFICATIONS.optional_instant(row.snoozed_until, "snoozed_until")?,
        version: row.version,
    })
}
