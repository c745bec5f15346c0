use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "reminders")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub task_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Its place among the task's reminders, from 0.
    pub place: i16,
    /// Of a reminder at a moment; else `before_due_seconds` is set.
    pub remind_at: Option<DateTimeUtc>,
    pub before_due_seconds: Option<i64>,
    pub fire_at: DateTimeUtc,
    /// `scheduled`, `sent` or `missed`.
    pub state: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
