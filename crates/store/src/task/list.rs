use std::collections::HashMap;

use domain::{OrderField, PagePosition, SortKey, Task, TaskFilter, TaskOrder, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, EntityTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    Value,
};
use uuid::Uuid;

use super::filter;
use super::row::TaskRow;
use crate::entity::reminder;
use crate::entity::task::{Column, Entity};
use crate::{ReadTx, StoreError, time};

/// The part of a list that one query reads: a run along one index.
struct Run {
    /// Whether it is the tasks without a due, which come after all others.
    undated: bool,
    /// The values of sort column and id after which it begins.
    after: Option<(Option<Value>, Uuid)>,
}

impl ReadTx {
    /// A user's tasks that match a filter, in order, at most `limit`, those after a position.
    #[tracing::instrument(level = "debug", skip_all)]
    pub async fn task_list(
        &self,
        user: &UserId,
        filter: &TaskFilter,
        order: TaskOrder,
        after: Option<&PagePosition>,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let matching =
            || Entity::find().filter(filter::condition(self.session.backend(), user, filter));
        let mut rows: Vec<TaskRow> = Vec::new();
        for run in runs(order, after)? {
            let left = u64::from(limit).saturating_sub(rows.len() as u64);
            if left == 0 {
                break;
            }
            let query = along(matching(), order, run).limit(left);
            rows.extend(
                query
                    .into_partial_model::<TaskRow>()
                    .all(&self.session)
                    .await?,
            );
        }
        self.with_reminders(user, rows).await
    }

    /// As [`ReadTx::task_list`], for clients that count: leaves out the first `offset`.
    pub async fn task_list_from(
        &self,
        user: &UserId,
        filter: &TaskFilter,
        order: TaskOrder,
        offset: u64,
        limit: u32,
    ) -> Result<Vec<Task>, StoreError> {
        let direction = direction(order);
        let mut query =
            Entity::find().filter(filter::condition(self.session.backend(), user, filter));
        if order.by == OrderField::Due {
            query = query.order_by_asc(Column::DueStartsAt.is_null());
        }
        let rows = query
            .order_by(column(order.by), direction.clone())
            .order_by(Column::Id, direction)
            .offset(offset)
            .limit(u64::from(limit))
            .into_partial_model::<TaskRow>()
            .all(&self.session)
            .await?;
        self.with_reminders(user, rows).await
    }

    /// How many of a user's tasks match a filter.
    pub async fn task_count(&self, user: &UserId, filter: &TaskFilter) -> Result<i64, StoreError> {
        let count = Entity::find()
            .filter(filter::condition(self.session.backend(), user, filter))
            .count(&self.session)
            .await?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
    }

    async fn with_reminders(
        &self,
        user: &UserId,
        rows: Vec<TaskRow>,
    ) -> Result<Vec<Task>, StoreError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut reminders: HashMap<Uuid, Vec<reminder::Model>> = HashMap::new();
        let of_these = reminder::Entity::find()
            .filter(reminder::Column::UserId.eq(user.as_str()))
            .filter(
                self.session
                    .backend()
                    .is_one_of_ids(reminder::Column::TaskId, rows.iter().map(|row| row.id)),
            )
            .all(&self.session)
            .await?;
        for row in of_these {
            reminders.entry(row.task_id).or_default().push(row);
        }
        rows.into_iter()
            .map(|row| {
                let reminders = reminders.remove(&row.id).unwrap_or_default();
                row.into_task(reminders)
            })
            .collect()
    }
}

/// Every order is one run, but that by due: the tasks that have one, then the others.
fn runs(order: TaskOrder, after: Option<&PagePosition>) -> Result<Vec<Run>, StoreError> {
    let whole = |undated| Run {
        undated,
        after: None,
    };
    let Some(position) = after else {
        return Ok(match order.by {
            OrderField::Due => vec![whole(false), whole(true)],
            _ => vec![whole(false)],
        });
    };
    let value = match (order.by, &position.key) {
        (OrderField::CreatedAt, SortKey::CreatedAt(at))
        | (OrderField::UpdatedAt, SortKey::UpdatedAt(at))
        | (OrderField::Due, SortKey::Due(Some(at))) => time::instant(*at).into(),
        (OrderField::Priority, SortKey::Priority(priority)) => priority.rank().into(),
        (OrderField::Title, SortKey::Title(title)) => title.as_str().into(),
        (OrderField::Due, SortKey::Due(None)) => {
            return Ok(vec![Run {
                undated: true,
                after: Some((None, position.id)),
            }]);
        }
        _ => return Err(StoreError::WrongPosition),
    };
    let mut runs = vec![Run {
        undated: false,
        after: Some((Some(value), position.id)),
    }];
    if order.by == OrderField::Due {
        runs.push(whole(true));
    }
    Ok(runs)
}

fn along(query: Select<Entity>, order: TaskOrder, run: Run) -> Select<Entity> {
    let direction = direction(order);
    let mut query = query;
    let mut place = vec![Expr::col(Column::Id)];
    if run.undated {
        query = query.filter(Column::DueStartsAt.is_null());
    } else {
        if order.by == OrderField::Due {
            query = query.filter(Column::DueStartsAt.is_not_null());
        }
        query = query.order_by(column(order.by), direction.clone());
        place.insert(0, Expr::col(column(order.by)));
    }
    if let Some((value, id)) = run.after {
        let last = value.into_iter().chain([id.into()]).map(Expr::val);
        let (place, last) = (Expr::tuple(place), Expr::tuple(last));
        query = query.filter(if order.descending {
            place.lt(last)
        } else {
            place.gt(last)
        });
    }
    query.order_by(Column::Id, direction)
}

fn column(field: OrderField) -> Column {
    match field {
        OrderField::CreatedAt => Column::CreatedAt,
        OrderField::UpdatedAt => Column::UpdatedAt,
        OrderField::Due => Column::DueStartsAt,
        OrderField::Priority => Column::Priority,
        OrderField::Title => Column::TitleKey,
    }
}

fn direction(order: TaskOrder) -> Order {
    if order.descending {
        Order::Desc
    } else {
        Order::Asc
    }
}
