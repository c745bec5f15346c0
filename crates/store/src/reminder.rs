//! Reminders by themselves: whose moment has come, and which are put off. With their tasks they are
//! read and written in [`crate::task`].

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::{Reminder, Task, TaskId, UserId};
use jiff::Timestamp;
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::{reminder, task};
use crate::row::Table;
use crate::task::row::TaskRow;
use crate::{Backend, StoreError, Tx, metrics, time};

const REMINDERS: Table = Table("reminders");

/// A reminder's user, its task and its own id.
type ReminderKey = (String, [Uuid; 2]);

/// A reminder that goes off now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueReminder {
    /// Its task, with this reminder already marked as sent.
    pub task: Task,
    /// The reminder, sent. Its `fire_at` is the moment for which it was set.
    pub reminder: Reminder,
}

/// What a tick has claimed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClaimedReminders {
    /// The reminders that go off, by user, task and moment.
    pub due: Vec<DueReminder>,
    /// How many have passed in silence: their tasks are completed or in the trash.
    pub missed: usize,
}

impl ClaimedReminders {
    /// How many reminders were claimed: as many as asked for means that there may be more.
    pub fn len(&self) -> usize {
        self.due.len() + self.missed
    }

    /// Whether nothing was due.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Tx {
    /// Claims at most `limit` reminders whose moment has come and marks them: as sent where the
    /// task is neither completed nor in the trash, else as missed. Those that another transaction
    /// holds are left to it. The mark commits with the events that this transaction writes, so
    /// each goes off once.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn reminder_claim_due(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<ClaimedReminders, StoreError> {
        let claimed = self.reminders_lock(now, limit).await?;
        if claimed.is_empty() {
            return Ok(ClaimedReminders::default());
        }
        let tasks = self.tasks_of(&claimed).await?;
        let mut result = ClaimedReminders::default();
        let (mut sent, mut missed) = (Vec::new(), Vec::new());
        for key in claimed {
            let (user, [task, _]) = &key;
            match tasks.get(&(user.clone(), *task)) {
                Some(task) if task.is_active() => sent.push(key),
                Some(_) => missed.push(key),
                None => {}
            }
        }
        self.reminders_mark(&sent, "sent").await?;
        self.reminders_mark(&missed, "missed").await?;
        result.missed = missed.len();
        let sent: HashSet<Uuid> = sent.into_iter().map(|(_, [_, id])| id).collect();
        for mut task in tasks.into_values() {
            for reminder in &mut task.reminders {
                if sent.contains(&reminder.id.0) {
                    *reminder = reminder.clone().sent();
                }
            }
            let mut due: Vec<_> = task
                .reminders
                .iter()
                .filter(|reminder| sent.contains(&reminder.id.0))
                .cloned()
                .collect();
            due.sort_by_key(|reminder| (reminder.fire_at, reminder.id));
            result
                .due
                .extend(due.into_iter().map(|reminder| DueReminder {
                    task: task.clone(),
                    reminder,
                }));
        }
        Ok(result)
    }

    /// Stores a reminder that was put off. Its task is locked: [`Tx::task_get_for_update`]. False
    /// if the task has no such reminder.
    pub async fn reminder_snooze(
        &self,
        user: &UserId,
        task: TaskId,
        reminder: &Reminder,
    ) -> Result<bool, StoreError> {
        let changed = self
            .session
            .change(
                "UPDATE reminders SET fire_at = $4, state = $5 \
                 WHERE user_id = $1 AND task_id = $2 AND id = $3",
                [
                    user.as_str().into(),
                    task.0.into(),
                    reminder.id.0.into(),
                    time::instant(reminder.fire_at).into(),
                    reminder.state.as_str().into(),
                ],
            )
            .await?;
        Ok(changed == 1)
    }

    /// Locks reminders first and reads their tasks after: a completion that was committed before
    /// the lock is then seen, and one that comes later waits for the reminder. Those of a deleted
    /// account are left to its deletion, since no event can be written for it.
    async fn reminders_lock(
        &self,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<ReminderKey>, StoreError> {
        let skip = match self.session.backend() {
            Backend::Postgres => "FOR UPDATE OF r SKIP LOCKED",
            Backend::Sqlite => "",
        };
        // The state is a literal: with a parameter the partial index could not be used.
        let sql = format!(
            "SELECT r.user_id, r.task_id, r.id FROM reminders AS r \
             WHERE r.state = 'scheduled' AND r.fire_at <= $1 AND NOT EXISTS ( \
               SELECT 1 FROM accounts AS a \
               WHERE a.user_id = r.user_id AND a.deleted_at IS NOT NULL) \
             ORDER BY r.fire_at LIMIT $2 {skip}"
        );
        let values = [time::instant(now).into(), i64::from(limit).into()];
        let rows = self.session.rows(sql, values).await?;
        rows.iter()
            .map(|row| {
                let ids = [REMINDERS.get(row, "task_id")?, REMINDERS.get(row, "id")?];
                Ok((REMINDERS.get(row, "user_id")?, ids))
            })
            .collect()
    }

    /// The tasks of claimed reminders. One that cannot be read holds up nobody: it is left out, and
    /// its reminders stay as they are, perhaps for a later version of the program.
    async fn tasks_of(
        &self,
        claimed: &[ReminderKey],
    ) -> Result<BTreeMap<(String, Uuid), Task>, StoreError> {
        let keys: HashSet<(String, [Uuid; 1])> = claimed
            .iter()
            .map(|(user, [task, _])| (user.clone(), [*task]))
            .collect();
        let keys: Vec<_> = keys.into_iter().collect();
        let backend = self.session.backend();
        let rows = task::Entity::find()
            .filter(backend.is_one_of_keys(["id"], &keys))
            .into_partial_model::<TaskRow>()
            .all(&self.session)
            .await?;
        let of_tasks = reminder::Entity::find()
            .filter(backend.is_one_of_keys(["task_id"], &keys))
            .all(&self.session)
            .await?;
        let mut reminders: HashMap<Uuid, Vec<reminder::Model>> = HashMap::new();
        for row in of_tasks {
            reminders.entry(row.task_id).or_default().push(row);
        }
        let mut tasks = BTreeMap::new();
        for row in rows {
            let key = (row.user_id.clone(), row.id);
            match row.into_task(reminders.remove(&key.1).unwrap_or_default()) {
                Ok(task) => {
                    tasks.insert(key, task);
                }
                Err(error) => {
                    metrics::failed(&error);
                    tracing::error!(
                        error = &error as &dyn std::error::Error,
                        user_id = key.0,
                        task_id = %key.1,
                        "the reminders of a task that cannot be read are left waiting"
                    );
                }
            }
        }
        Ok(tasks)
    }

    async fn reminders_mark(
        &self,
        reminders: &[ReminderKey],
        state: &str,
    ) -> Result<(), StoreError> {
        if reminders.is_empty() {
            return Ok(());
        }
        reminder::Entity::update_many()
            .col_expr(reminder::Column::State, Expr::val(state))
            .filter(
                self.session
                    .backend()
                    .is_one_of_keys(["task_id", "id"], reminders),
            )
            .exec(&self.session)
            .await?;
        Ok(())
    }
}
