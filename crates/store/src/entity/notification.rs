use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notifications")]
pub(crate) struct Model {
    /// The id of the event that caused it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: String,
    pub kind: String,
    pub task_id: Uuid,
    pub task_title: String,
    pub due_date: Option<Date>,
    pub due_at: Option<DateTimeUtc>,
    pub due_zone: Option<String>,
    pub reminder_id: Uuid,
    pub remind_at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub snoozed_until: Option<DateTimeUtc>,
    pub version: i64,
    /// Set when the user removed it: the row only keeps its id from being used again.
    pub deleted_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
