use domain::recurrence::TimeZoneName;
use domain::{DueRange, TaskStats, UserId};
use jiff::Timestamp;
use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, Func, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QuerySelect};
use sea_orm::{EntityTrait, QueryFilter, QueryTrait};

use super::filter;
use crate::entity::task::{Column, Entity};
use crate::row::Table;
use crate::{ReadTx, StoreError};

const TASKS: Table = Table("tasks");

impl ReadTx {
    /// Counts a user's tasks outside the trash, for a reader in `zone`.
    pub async fn task_stats(
        &self,
        user: &UserId,
        zone: &TimeZoneName,
        now: Timestamp,
    ) -> Result<TaskStats, StoreError> {
        let today = zone.local_date(now);
        let due_today = filter::dated(&DueRange {
            first_date: Some(today),
            last_date: Some(today),
            zone: zone.clone(),
            overdue_at: None,
        });
        let pending = Condition::all().add(Column::CompletedAt.is_null());
        let query: SelectStatement = Entity::find()
            .select_only()
            .expr_as(Expr::col(Column::Id).count(), "total")
            .expr_as(count_if(pending.clone()), "pending")
            .expr_as(count_if(Column::CompletedAt.is_not_null()), "completed")
            .expr_as(count_if(filter::overdue(now, today)), "overdue")
            .expr_as(count_if(pending.add(due_today)), "due_today")
            .filter(Column::UserId.eq(user.as_str()))
            .filter(Column::DeletedAt.is_null())
            .into_query();
        let Some(row) = self.session.query_one(&query).await? else {
            return Ok(TaskStats::default());
        };
        Ok(TaskStats {
            total: TASKS.get(&row, "total")?,
            pending: TASKS.get(&row, "pending")?,
            completed: TASKS.get(&row, "completed")?,
            overdue: TASKS.get(&row, "overdue")?,
            due_today: TASKS.get(&row, "due_today")?,
        })
    }
}

fn count_if(condition: impl sea_orm::sea_query::IntoCondition) -> Expr {
    Func::count(CaseStatement::new().case(condition, 1)).into()
}
