use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_logs")]
pub(crate) struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub event_id: Uuid,
    pub user_id: String,
    pub sequence: i64,
    pub event_type: String,
    pub occurred_at: DateTimeUtc,
    pub entity_type: String,
    pub entity_id: Uuid,
    pub actor_kind: String,
    pub actor_id: String,
    pub actor_token_id: Option<String>,
    pub correlation_id: String,
    pub source: String,
    /// The event's `data` in JSON; null once the account is deleted.
    pub data: Option<String>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
