use domain::{Change, Reminder, Task};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Set};

use super::row::{active_model, changed_model, reminder_model};
use crate::entity::{reminder, task};
use crate::{StoreError, Tx, UniqueKey};

impl Tx {
    /// Stores what became of a task: a new one as [`Tx::task_insert`] does, a changed one as
    /// [`Tx::task_update`].
    pub async fn task_record(&self, change: &Change) -> Result<(), StoreError> {
        match &change.before {
            None => self.task_insert(&change.after).await,
            Some(before) => self.task_update(before, &change.after).await,
        }
    }

    /// Stores a new task with its reminders. A second successor of its predecessor is a
    /// [`StoreError::Conflict`] over [`UniqueKey::TaskPredecessor`].
    pub async fn task_insert(&self, task: &Task) -> Result<(), StoreError> {
        task::Entity::insert(active_model(task))
            .exec_without_returning(&self.session)
            .await?;
        self.reminders_write(task, task.reminders.iter().enumerate())
            .await
    }

    /// Stores a new state of a task that this transaction has read with
    /// [`Tx::task_get_for_update`]. If its version is no longer that of `before`, this is a
    /// [`StoreError::Conflict`] over [`UniqueKey::Task`].
    pub async fn task_update(&self, before: &Task, after: &Task) -> Result<(), StoreError> {
        let updated = task::Entity::update_many()
            .set(changed_model(before, after))
            .filter(task::Column::UserId.eq(before.user_id.as_str()))
            .filter(task::Column::Id.eq(before.id.0))
            .filter(task::Column::Version.eq(before.version))
            .exec(&self.session)
            .await?;
        if updated.rows_affected != 1 {
            self.session.fail();
            return Err(StoreError::Conflict(UniqueKey::Task));
        }
        self.reminders_replace(before, after).await
    }

    /// Stores which task follows this one: bookkeeping, which leaves its version as it is.
    pub async fn task_successor_link(&self, predecessor: &Task) -> Result<(), StoreError> {
        task::Entity::update_many()
            .set(task::ActiveModel {
                successor_task_id: Set(predecessor.successor_task_id.map(|id| id.0)),
                ..task::ActiveModel::default()
            })
            .filter(task::Column::UserId.eq(predecessor.user_id.as_str()))
            .filter(task::Column::Id.eq(predecessor.id.0))
            .exec(&self.session)
            .await?;
        Ok(())
    }

    /// Writes the reminders that are new or differ and removes those that are gone; most changes
    /// touch none, and cost no statement.
    async fn reminders_replace(&self, before: &Task, after: &Task) -> Result<(), StoreError> {
        let gone: Vec<_> = before
            .reminders
            .iter()
            .filter(|reminder| after.reminder(reminder.id).is_none())
            .map(|reminder| reminder.id.0)
            .collect();
        if !gone.is_empty() {
            reminder::Entity::delete_many()
                .filter(reminder::Column::UserId.eq(after.user_id.as_str()))
                .filter(reminder::Column::TaskId.eq(after.id.0))
                .filter(reminder::Column::Id.is_in(gone))
                .exec(&self.session)
                .await?;
        }
        let changed = after
            .reminders
            .iter()
            .enumerate()
            .filter(|(place, reminder)| before.reminders.get(*place) != Some(reminder));
        self.reminders_write(after, changed).await
    }

    async fn reminders_write<'a>(
        &self,
        task: &Task,
        reminders: impl Iterator<Item = (usize, &'a Reminder)>,
    ) -> Result<(), StoreError> {
        let models: Vec<_> = reminders
            .map(|(place, reminder)| reminder_model(task, place, reminder))
            .collect();
        if models.is_empty() {
            return Ok(());
        }
        reminder::Entity::insert_many(models)
            .on_conflict(
                OnConflict::columns([
                    reminder::Column::UserId,
                    reminder::Column::TaskId,
                    reminder::Column::Id,
                ])
                .update_columns([
                    reminder::Column::Place,
                    reminder::Column::RemindAt,
                    reminder::Column::BeforeDueSeconds,
                    reminder::Column::FireAt,
                    reminder::Column::State,
                ])
                .to_owned(),
            )
            .exec_without_returning(&self.session)
            .await?;
        Ok(())
    }
}
