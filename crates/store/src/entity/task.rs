use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tasks")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub title: String,
    pub description: String,
    /// The rank: 1 (low) to 3 (high).
    pub priority: i16,
    pub category: String,
    /// An array of texts.
    pub tags: Json,
    /// Of an all-day due; else `due_at` is set, or neither.
    pub due_date: Option<Date>,
    pub due_at: Option<DateTimeUtc>,
    pub due_zone: Option<String>,
    /// What lists sort by: `due_at`, or the beginning of `due_date` in `due_zone`.
    pub due_starts_at: Option<DateTimeUtc>,
    /// Set for a task that recurs; the columns to `scheduled_local` then go with it.
    pub recurring_rule: Option<String>,
    pub recurrence_mode: Option<String>,
    pub recurring_end_date: Option<Date>,
    /// Local wall time; midnight of an all-day anchor, which has no zone.
    pub anchor_local: Option<DateTime>,
    pub anchor_zone: Option<String>,
    pub occurrence_index: Option<i32>,
    pub scheduled_local: Option<DateTime>,
    pub parent_task_id: Option<Uuid>,
    pub predecessor_task_id: Option<Uuid>,
    pub successor_task_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Null while the task is pending.
    pub completed_at: Option<DateTimeUtc>,
    pub deleted_at: Option<DateTimeUtc>,
    pub version: i64,
    /// Folded, for sorting and searching; never read.
    pub title_key: String,
    pub search_text: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
