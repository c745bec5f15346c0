use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "dead_letters")]
pub(crate) struct Model {
    /// The app-id of the service that could not handle the event.
    #[sea_orm(primary_key, auto_increment = false)]
    pub consumer: String,
    /// As the CloudEvent has it: an event that cannot be read may have any id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: String,
    pub topic: String,
    pub user_id: Option<String>,
    pub reason: String,
    pub attempts: i32,
    pub content_type: String,
    pub payload: Vec<u8>,
    pub first_at: DateTimeUtc,
    pub last_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
