//! A task as a row, both ways.

use domain::recurrence::{Anchor, RecurrenceMode, RecurrenceRule, TimeZoneName};
use domain::{
    Category, Description, Due, Priority, Recurrence, Reminder, ReminderId, ReminderState,
    ReminderTime, Status, Tags, Task, TaskId, Title, UserId, search_text, title_key,
};
use jiff::SignedDuration;
use sea_orm::entity::prelude::{Date, DateTime, DateTimeUtc, Json, Uuid};
use sea_orm::{ActiveValue, DerivePartialModel, Set};

use crate::entity::{reminder, task};
use crate::row::{Table, from_columns};
use crate::{StoreError, time};

const TASKS: Table = Table("tasks");
const REMINDERS: Table = Table("reminders");

/// The columns of a task that are read; what is folded for the database's use stays there.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "task::Entity", from_query_result = "false")]
pub(crate) struct TaskRow {
    pub(crate) user_id: String,
    pub(crate) id: Uuid,
    title: String,
    description: String,
    priority: i16,
    category: String,
    tags: Json,
    due_date: Option<Date>,
    due_at: Option<DateTimeUtc>,
    due_zone: Option<String>,
    recurring_rule: Option<String>,
    recurrence_mode: Option<String>,
    recurring_end_date: Option<Date>,
    anchor_local: Option<DateTime>,
    anchor_zone: Option<String>,
    occurrence_index: Option<i32>,
    scheduled_local: Option<DateTime>,
    parent_task_id: Option<Uuid>,
    predecessor_task_id: Option<Uuid>,
    successor_task_id: Option<Uuid>,
    created_at: DateTimeUtc,
    updated_at: DateTimeUtc,
    completed_at: Option<DateTimeUtc>,
    deleted_at: Option<DateTimeUtc>,
    version: i64,
}

from_columns!(TaskRow {
    user_id,
    id,
    title,
    description,
    priority,
    category,
    tags,
    due_date,
    due_at,
    due_zone,
    recurring_rule,
    recurrence_mode,
    recurring_end_date,
    anchor_local,
    anchor_zone,
    occurrence_index,
    scheduled_local,
    parent_task_id,
    predecessor_task_id,
    successor_task_id,
    created_at,
    updated_at,
    completed_at,
    deleted_at,
    version,
});

/// The three columns of a due, which tasks and notifications share.
pub(crate) struct DueColumns {
    pub(crate) date: Option<Date>,
    pub(crate) at: Option<DateTimeUtc>,
    pub(crate) zone: Option<String>,
}

impl TaskRow {
    pub(crate) fn into_task(self, reminders: Vec<reminder::Model>) -> Result<Task, StoreError> {
        let recurrence = self.recurrence()?;
        let due = DueColumns {
            date: self.due_date,
            at: self.due_at,
            zone: self.due_zone,
        };
        let completed_at = TASKS.optional_instant(self.completed_at, "completed_at")?;
        Ok(Task {
            id: TaskId(self.id),
            user_id: UserId::parse(&self.user_id).map_err(|_| TASKS.corrupt("user_id"))?,
            title: Title::parse(&self.title).map_err(|_| TASKS.corrupt("title"))?,
            description: Description::parse(&self.description)
                .map_err(|_| TASKS.corrupt("description"))?,
            priority: Priority::from_rank(self.priority)
                .ok_or_else(|| TASKS.corrupt("priority"))?,
            category: Category::parse(&self.category).map_err(|_| TASKS.corrupt("category"))?,
            status: completed_at.map_or(Status::Pending, |at| Status::Completed { at }),
            tags: tags(self.tags)?,
            due: due.into_due(TASKS)?,
            recurrence,
            reminders: into_reminders(reminders)?,
            parent_task_id: self.parent_task_id.map(TaskId),
            predecessor_task_id: self.predecessor_task_id.map(TaskId),
            successor_task_id: self.successor_task_id.map(TaskId),
            created_at: TASKS.instant(self.created_at, "created_at")?,
            updated_at: TASKS.instant(self.updated_at, "updated_at")?,
            deleted_at: TASKS.optional_instant(self.deleted_at, "deleted_at")?,
            version: self.version,
        })
    }

    fn recurrence(&self) -> Result<Option<Recurrence>, StoreError> {
        let Some(rule) = &self.recurring_rule else {
            return Ok(None);
        };
        let local = |value: Option<DateTime>, column| {
            value
                .and_then(time::civil_time)
                .ok_or_else(|| TASKS.corrupt(column))
        };
        let at = local(self.anchor_local, "anchor_local")?;
        let anchor = match &self.anchor_zone {
            Some(zone) => Anchor::Timed {
                at,
                zone: zone.parse().map_err(|_| TASKS.corrupt("anchor_zone"))?,
            },
            None => Anchor::AllDay { date: at.date() },
        };
        let end_date = self
            .recurring_end_date
            .map(|date| time::civil_date(date).ok_or_else(|| TASKS.corrupt("recurring_end_date")))
            .transpose()?;
        Ok(Some(Recurrence {
            rule: rule
                .parse::<RecurrenceRule>()
                .map_err(|_| TASKS.corrupt("recurring_rule"))?,
            mode: self
                .recurrence_mode
                .as_deref()
                .and_then(|mode| mode.parse::<RecurrenceMode>().ok())
                .ok_or_else(|| TASKS.corrupt("recurrence_mode"))?,
            end_date,
            anchor,
            index: self
                .occurrence_index
                .and_then(|index| u32::try_from(index).ok())
                .ok_or_else(|| TASKS.corrupt("occurrence_index"))?,
            scheduled: local(self.scheduled_local, "scheduled_local")?,
        }))
    }
}

impl DueColumns {
    pub(crate) fn of(due: Option<&Due>) -> Self {
        let zone = due.map(|due| due.zone().as_str().to_owned());
        match due {
            None => Self {
                date: None,
                at: None,
                zone,
            },
            Some(Due::AllDay { date, .. }) => Self {
                date: Some(time::date(*date)),
                at: None,
                zone,
            },
            Some(Due::At { time, .. }) => Self {
                date: None,
                at: Some(time::instant(*time)),
                zone,
            },
        }
    }

    pub(crate) fn into_due(self, table: Table) -> Result<Option<Due>, StoreError> {
        let zone = |zone: Option<String>| {
            zone.and_then(|zone| zone.parse::<TimeZoneName>().ok())
                .ok_or_else(|| table.corrupt("due_zone"))
        };
        match (self.date, self.at) {
            (None, None) => Ok(None),
            (Some(date), None) => Ok(Some(Due::AllDay {
                date: time::civil_date(date).ok_or_else(|| table.corrupt("due_date"))?,
                zone: zone(self.zone)?,
            })),
            (None, Some(at)) => Ok(Some(Due::At {
                time: table.instant(at, "due_at")?,
                zone: zone(self.zone)?,
            })),
            (Some(_), Some(_)) => Err(table.corrupt("due_at")),
        }
    }
}

/// The whole row of a task.
pub(crate) fn active_model(task: &Task) -> task::ActiveModel {
    let due = DueColumns::of(task.due.as_ref());
    let recurrence = task.recurrence.as_ref();
    let anchor = recurrence.map(|recurrence| match &recurrence.anchor {
        Anchor::Timed { at, zone } => (time::local(*at), Some(zone.as_str().to_owned())),
        Anchor::AllDay { date } => (
            time::local(date.to_datetime(jiff::civil::Time::midnight())),
            None,
        ),
    });
    let (anchor_local, anchor_zone) =
        anchor.map_or((None, None), |(local, zone)| (Some(local), zone));
    task::ActiveModel {
        user_id: Set(task.user_id.as_str().to_owned()),
        id: Set(task.id.0),
        title: Set(task.title.as_str().to_owned()),
        description: Set(task.description.as_str().to_owned()),
        priority: Set(task.priority.rank()),
        category: Set(task.category.as_str().to_owned()),
        tags: Set(task.tags.iter().collect()),
        due_date: Set(due.date),
        due_at: Set(due.at),
        due_zone: Set(due.zone),
        due_starts_at: Set(task.due.as_ref().map(|due| time::instant(due.starts_at()))),
        recurring_rule: Set(recurrence.map(|recurrence| recurrence.rule.to_string())),
        recurrence_mode: Set(recurrence.map(|recurrence| recurrence.mode.as_str().to_owned())),
        recurring_end_date: Set(recurrence
            .and_then(|recurrence| recurrence.end_date)
            .map(time::date)),
        anchor_local: Set(anchor_local),
        anchor_zone: Set(anchor_zone),
        // An index is bounded by the calendar: days until the year 9999.
        occurrence_index: Set(
            recurrence.map(|recurrence| i32::try_from(recurrence.index).unwrap_or(i32::MAX))
        ),
        scheduled_local: Set(recurrence.map(|recurrence| time::local(recurrence.scheduled))),
        parent_task_id: Set(task.parent_task_id.map(|id| id.0)),
        predecessor_task_id: Set(task.predecessor_task_id.map(|id| id.0)),
        successor_task_id: Set(task.successor_task_id.map(|id| id.0)),
        created_at: Set(time::instant(task.created_at)),
        updated_at: Set(time::instant(task.updated_at)),
        completed_at: Set(task.completed_at().map(time::instant)),
        deleted_at: Set(task.deleted_at.map(time::instant)),
        version: Set(task.version),
        title_key: Set(title_key(&task.title)),
        search_text: Set(search_text(&task.title, &task.description)),
    }
}

/// What changes the row of `before` into that of `after`; the texts, which are long, only where
/// they differ.
pub(crate) fn changed_model(before: &Task, after: &Task) -> task::ActiveModel {
    let mut model = task::ActiveModel {
        user_id: ActiveValue::NotSet,
        id: ActiveValue::NotSet,
        created_at: ActiveValue::NotSet,
        ..active_model(after)
    };
    if before.title == after.title {
        model.title = ActiveValue::NotSet;
        model.title_key = ActiveValue::NotSet;
    }
    if before.description == after.description {
        model.description = ActiveValue::NotSet;
        if before.title == after.title {
            model.search_text = ActiveValue::NotSet;
        }
    }
    model
}

/// The row of a task's reminder at `place`.
pub(crate) fn reminder_model(
    task: &Task,
    place: usize,
    reminder: &Reminder,
) -> reminder::ActiveModel {
    let (remind_at, before_due_seconds) = match reminder.when {
        ReminderTime::At(time) => (Some(time::instant(time)), None),
        ReminderTime::BeforeDue(before) => (None, Some(before.as_secs())),
    };
    reminder::ActiveModel {
        user_id: Set(task.user_id.as_str().to_owned()),
        id: Set(reminder.id.0),
        task_id: Set(task.id.0),
        place: Set(i16::try_from(place).unwrap_or(i16::MAX)),
        remind_at: Set(remind_at),
        before_due_seconds: Set(before_due_seconds),
        fire_at: Set(time::instant(reminder.fire_at)),
        state: Set(reminder.state.as_str().to_owned()),
    }
}

/// The reminders of one task, in their order.
pub(crate) fn into_reminders(mut rows: Vec<reminder::Model>) -> Result<Vec<Reminder>, StoreError> {
    rows.sort_by_key(|row| row.place);
    rows.iter().map(read_reminder).collect()
}

fn read_reminder(row: &reminder::Model) -> Result<Reminder, StoreError> {
    let when = match (row.remind_at, row.before_due_seconds) {
        (Some(at), None) => ReminderTime::At(REMINDERS.instant(at, "remind_at")?),
        (None, Some(seconds)) => ReminderTime::BeforeDue(SignedDuration::from_secs(seconds)),
        _ => return Err(REMINDERS.corrupt("before_due_seconds")),
    };
    Ok(Reminder {
        id: ReminderId(row.id),
        when,
        fire_at: REMINDERS.instant(row.fire_at, "fire_at")?,
        state: ReminderState::from_name(&row.state).ok_or_else(|| REMINDERS.corrupt("state"))?,
    })
}

fn tags(json: Json) -> Result<Tags, StoreError> {
    let texts: Vec<String> = serde_json::from_value(json).map_err(|_| TASKS.corrupt("tags"))?;
    Tags::parse(texts).map_err(|_| TASKS.corrupt("tags"))
}
