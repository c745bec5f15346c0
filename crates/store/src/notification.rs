//! What users have been told.

use domain::{
    Notification, NotificationId, NotificationKind, PagePosition, ReminderId, SortKey, TaskId,
    UserId,
};
use jiff::Timestamp;
use sea_orm::sea_query::{Expr, ExprTrait, LockType, OnConflict};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select, Set, Value,
};

use crate::entity::notification::{ActiveModel, Column, Entity, Model};
use crate::row::Table;
use crate::task::row::DueColumns;
use crate::{ReadTx, StoreError, Tx, UniqueKey, time};

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

impl Tx {
    /// As [`ReadTx::notification_get`], and keeps others from changing it until this transaction
    /// ends.
    pub async fn notification_get_for_update(
        &self,
        user: &UserId,
        id: NotificationId,
    ) -> Result<Option<Notification>, StoreError> {
        self.notification_load(user, id, Some(LockType::Update))
            .await
    }

    /// Stores a new notification, once an event: false if its event has made one already, deleted
    /// ones included.
    pub async fn notification_insert_once(
        &self,
        notification: &Notification,
    ) -> Result<bool, StoreError> {
        let inserted = Entity::insert(active_model(notification))
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
            .exec_without_returning(&self.session)
            .await?;
        Ok(inserted == 1)
    }

    /// Stores a new state of a notification, one version later than the stored one; else this is
    /// a [`StoreError::Conflict`] over [`UniqueKey::Notification`].
    pub async fn notification_update(&self, notification: &Notification) -> Result<(), StoreError> {
        let updated = Entity::update_many()
            .set(ActiveModel {
                read_at: Set(notification.read_at.map(time::instant)),
                snoozed_until: Set(notification.snoozed_until.map(time::instant)),
                version: Set(notification.version),
                ..ActiveModel::default()
            })
            .filter(Column::UserId.eq(notification.user_id.as_str()))
            .filter(Column::Id.eq(notification.id.0))
            .filter(Column::Version.eq(notification.version - 1))
            .filter(Column::DeletedAt.is_null())
            .exec(&self.session)
            .await?;
        if updated.rows_affected == 1 {
            return Ok(());
        }
        self.session.fail();
        Err(StoreError::Conflict(UniqueKey::Notification))
    }

    /// Marks all notifications as read that were stored up to `now`, and tells how many were not.
    pub async fn notification_mark_all_read(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        self.session
            .change(
                "UPDATE notifications SET read_at = $2, version = version + 1 \
                 WHERE user_id = $1 AND read_at IS NULL AND deleted_at IS NULL \
                 AND created_at <= $2",
                [user.as_str().into(), time::instant(now).into()],
            )
            .await
    }

    /// Removes a notification and gives it as it was; `None` if the user has none of this id. Its
    /// id stays taken until [`Tx::notification_purge`], its contents do not stay.
    pub async fn notification_delete(
        &self,
        user: &UserId,
        id: NotificationId,
        now: Timestamp,
    ) -> Result<Option<Notification>, StoreError> {
        let Some(notification) = self.notification_get_for_update(user, id).await? else {
            return Ok(None);
        };
        Entity::update_many()
            .set(ActiveModel {
                task_title: Set(String::new()),
                due_date: Set(None),
                due_at: Set(None),
                due_zone: Set(None),
                deleted_at: Set(Some(time::instant(now))),
                version: Set(notification.version + 1),
                ..ActiveModel::default()
            })
            .filter(Column::UserId.eq(user.as_str()))
            .filter(Column::Id.eq(id.0))
            .exec(&self.session)
            .await?;
        Ok(Some(notification))
    }
}

fn of_user(user: &UserId) -> Select<Entity> {
    Entity::find()
        .filter(Column::UserId.eq(user.as_str()))
        .filter(Column::DeletedAt.is_null())
}

fn active_model(notification: &Notification) -> ActiveModel {
    let due = DueColumns::of(notification.due.as_ref());
    ActiveModel {
        id: Set(notification.id.0),
        user_id: Set(notification.user_id.as_str().to_owned()),
        kind: Set(notification.kind.as_str().to_owned()),
        task_id: Set(notification.task_id.0),
        task_title: Set(notification.task_title.clone()),
        due_date: Set(due.date),
        due_at: Set(due.at),
        due_zone: Set(due.zone),
        reminder_id: Set(notification.reminder_id.0),
        remind_at: Set(time::instant(notification.remind_at)),
        read_at: Set(notification.read_at.map(time::instant)),
        created_at: Set(time::instant(notification.created_at)),
        snoozed_until: Set(notification.snoozed_until.map(time::instant)),
        version: Set(notification.version),
        deleted_at: Set(None),
    }
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
