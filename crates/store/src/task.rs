//! Tasks, each with its reminders.

use domain::{Task, TaskId, UserId};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use crate::entity::{reminder, task};
use crate::{ReadTx, StoreError, Tx};

mod filter;
mod list;
pub(crate) mod row;
mod stats;
mod write;

use row::TaskRow;

impl ReadTx {
    /// A task of the user, also one in the trash; `None` if the user has none of this id.
    pub async fn task_get(&self, user: &UserId, id: TaskId) -> Result<Option<Task>, StoreError> {
        self.task_load(user, id, None).await
    }

    async fn task_load(
        &self,
        user: &UserId,
        id: TaskId,
        lock: Option<LockType>,
    ) -> Result<Option<Task>, StoreError> {
        let row = task::Entity::find()
            .filter(task::Column::UserId.eq(user.as_str()))
            .filter(task::Column::Id.eq(id.0))
            .apply_if(lock, QuerySelect::lock)
            .into_partial_model::<TaskRow>()
            .one(&self.session)
            .await?;
        let Some(row) = row else {
            return Ok(None);
        };
        let reminders = reminder::Entity::find()
            .filter(reminder::Column::UserId.eq(user.as_str()))
            .filter(reminder::Column::TaskId.eq(id.0))
            .order_by_asc(reminder::Column::Id)
            .apply_if(lock, QuerySelect::lock)
            .all(&self.session)
            .await?;
        row.into_task(reminders).map(Some)
    }
}

impl Tx {
    /// As [`ReadTx::task_get`], and keeps others from changing the task and its reminders until
    /// this transaction ends. What it reads is what was committed last.
    pub async fn task_get_for_update(
        &self,
        user: &UserId,
        id: TaskId,
    ) -> Result<Option<Task>, StoreError> {
        self.task_load(user, id, Some(LockType::Update)).await
    }
}
