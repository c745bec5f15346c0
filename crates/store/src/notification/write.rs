use domain::{Notification, NotificationId, UserId};
use jiff::{SignedDuration, Timestamp};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::NOTIFICATIONS;
use crate::entity::notification::{ActiveModel, Column, Entity};
use crate::task::row::DueColumns;
use crate::{Backend, StoreError, Tx, UniqueKey, time};

/// The difference of two moments that the databases can tell apart.
const RESOLUTION: SignedDuration = SignedDuration::from_micros(1);

/// Which notifications were marked as read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MarkedRead {
    /// How many were not read before.
    pub count: u64,
    /// When the latest of them was stored. All of the user's notifications up to it are read now,
    /// and none that is committed later will be among them.
    pub through: Timestamp,
}

impl Tx {
    /// As [`notification_get`](crate::ReadTx::notification_get), and keeps others from changing it
    /// until this transaction ends.
    pub async fn notification_get_for_update(
        &self,
        user: &UserId,
        id: NotificationId,
    ) -> Result<Option<Notification>, StoreError> {
        self.notification_load(user, id, Some(LockType::Update))
            .await
    }

    /// Stores a new notification, once an event, and gives it as it is stored: `None` if its event
    /// has made one already, deleted ones included.
    ///
    /// `created_at` is put off to after the user's latest where it is not, whichever clock it was
    /// read from: of two notifications of a user the one that is committed later is the later. That
    /// is what makes a moment a bound, for [`Tx::notification_mark_all_read`].
    pub async fn notification_insert_once(
        &self,
        notification: &Notification,
    ) -> Result<Option<Notification>, StoreError> {
        let user = &notification.user_id;
        self.notification_lock(user).await?;
        let latest = self.notification_latest(user, "").await?;
        let following = latest.and_then(|latest| latest.checked_add(RESOLUTION).ok());
        let stored = Notification {
            created_at: following
                .unwrap_or(Timestamp::MIN)
                .max(notification.created_at),
            ..notification.clone()
        };
        let inserted = Entity::insert(active_model(&stored))
            .on_conflict(OnConflict::column(Column::Id).do_nothing().to_owned())
            .exec_without_returning(&self.session)
            .await?;
        Ok((inserted == 1).then_some(stored))
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

    /// Marks all notifications of a user as read, and tells which: `None` if none was unread.
    pub async fn notification_mark_all_read(
        &self,
        user: &UserId,
        now: Timestamp,
    ) -> Result<Option<MarkedRead>, StoreError> {
        self.notification_lock(user).await?;
        let unread = "AND read_at IS NULL ";
        let Some(through) = self.notification_latest(user, unread).await? else {
            return Ok(None);
        };
        let count = self
            .session
            .change(
                "UPDATE notifications SET read_at = $2, version = version + 1 \
                 WHERE user_id = $1 AND read_at IS NULL AND deleted_at IS NULL \
                 AND created_at <= $3",
                [
                    user.as_str().into(),
                    time::instant(now).into(),
                    time::instant(through).into(),
                ],
            )
            .await?;
        Ok(Some(MarkedRead { count, through }))
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

    /// Keeps others from adding notifications of the user until this transaction ends. Taken before
    /// any row is, so that nobody waits in a circle. On SQLite the transaction itself does that.
    async fn notification_lock(&self, user: &UserId) -> Result<(), StoreError> {
        if self.session.backend() == Backend::Postgres {
            self.session
                .change(
                    "SELECT pg_advisory_xact_lock(hashtextextended('notifications ' || $1, 0))",
                    [user.as_str().into()],
                )
                .await?;
        }
        Ok(())
    }

    /// When the user's latest notification was stored; `None` if there is none.
    async fn notification_latest(
        &self,
        user: &UserId,
        among: &str,
    ) -> Result<Option<Timestamp>, StoreError> {
        let sql = format!(
            "SELECT created_at FROM notifications WHERE user_id = $1 AND deleted_at IS NULL \
             {among}ORDER BY created_at DESC LIMIT 1"
        );
        let row = self.session.row(sql, [user.as_str().into()]).await?;
        row.map(|row| NOTIFICATIONS.timestamp(&row, "created_at"))
            .transpose()
    }
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
