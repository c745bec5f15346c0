use domain::recurrence::TimeZoneName;
use domain::{
    Category, DueFilter, DueFilterInput, PageLimits, PageSize, SearchText, Tags, TaskFilter,
    TaskOrder, Violations,
};
use jiff::Timestamp;
use prost::Message as _;

use super::{page_size, page_token};
use crate::convert::{Choice, choice, complete, date_from_wire, given_zone, required_choice, take};
use crate::v1;

/// `ListTasks`: which tasks, in which order, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTasks {
    /// Which tasks, all but when they are due.
    filter: TaskFilter,
    /// When the tasks are due.
    due: DueFilterInput,
    /// How they are sorted.
    pub order: TaskOrder,
    /// How many a page holds.
    pub page_size: PageSize,
    /// Where the page begins; `None` for the first.
    pub page_token: Option<String>,
    /// What a page token belongs to: bytes that are the same for the same filter and order.
    pub token_scope: Vec<u8>,
}

impl TryFrom<v1::ListTasksRequest> for ListTasks {
    type Error = Violations;

    fn try_from(request: v1::ListTasksRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let wire = request.filter.unwrap_or_default();
        let parsed = filter(&wire).map_err(|violations| violations.scoped("filter"));
        let parsed = take(&mut violations, parsed);
        let order = violations.take("order_by", TaskOrder::parse(&request.order_by));
        let page_size = page_size(&mut violations, PageLimits::TASKS, request.page_size);
        complete(violations, || {
            let ((filter, due), order) = (parsed?, order?);
            let scope = v1::ListTasksRequest {
                filter: Some(wire),
                order_by: order.to_string(),
                ..v1::ListTasksRequest::default()
            };
            Some(Self {
                filter,
                due,
                order,
                page_size: page_size?,
                page_token: page_token(request.page_token),
                token_scope: scope.encode_to_vec(),
            })
        })
    }
}

impl ListTasks {
    /// Whether the zone of the user's profile decides which tasks are meant.
    pub fn needs_profile_zone(&self) -> bool {
        let DueFilterInput {
            first_date,
            last_date,
            ref zone,
            overdue,
            ..
        } = self.due;
        zone.is_none() && (first_date.is_some() || last_date.is_some() || overdue)
    }

    /// Which tasks, at `now`. Days are counted in `profile_zone` if the request names no zone.
    pub fn filter(
        &self,
        profile_zone: &TimeZoneName,
        now: Timestamp,
    ) -> Result<TaskFilter, Violations> {
        let due = DueFilter::parse(self.due.clone(), profile_zone, now)
            .map_err(|violations| violations.scoped("filter.due"))?;
        Ok(TaskFilter {
            due,
            ..self.filter.clone()
        })
    }
}

/// The violations name fields of the filter.
fn filter(filter: &v1::TaskFilter) -> Result<(TaskFilter, DueFilterInput), Violations> {
    let mut violations = Violations::new();
    let statuses = choices(&mut violations, "statuses", &filter.statuses);
    let priorities = choices(&mut violations, "priorities", &filter.priorities);
    let categories = categories(&mut violations, &filter.categories);
    let tags = take(&mut violations, Tags::parse(&filter.tags));
    let search = violations.take("search", SearchText::parse(&filter.search));
    let due = filter.due.as_ref().map(due).transpose();
    let due = take(
        &mut violations,
        due.map_err(|violations| violations.scoped("due")),
    );
    let trash = violations.take("trash", choice(filter.trash));
    complete(violations, || {
        let filter = TaskFilter {
            statuses,
            priorities,
            categories,
            tags: tags?.as_slice().to_vec(),
            search: search?,
            due: None,
            trash: trash?.unwrap_or_default(),
        };
        Some((filter, due?.unwrap_or_default()))
    })
}

/// The violations name fields of the due filter.
fn due(filter: &v1::DueFilter) -> Result<DueFilterInput, Violations> {
    let mut violations = Violations::new();
    let first_date = filter.first_date.map(date_from_wire).transpose();
    let first_date = violations.take("first_date", first_date);
    let last_date = filter.last_date.map(date_from_wire).transpose();
    let last_date = violations.take("last_date", last_date);
    let zone = violations.take("time_zone", given_zone(&filter.time_zone));
    // What is left to check depends on neither zone nor time, so any will do.
    let input = DueFilterInput {
        first_date: first_date.flatten(),
        last_date: last_date.flatten(),
        zone: zone.flatten(),
        overdue: filter.overdue,
        undated: filter.undated,
    };
    let checked = DueFilter::parse(input.clone(), &TimeZoneName::utc(), Timestamp::UNIX_EPOCH);
    take(&mut violations, checked);
    violations.into_result(input)
}

/// The values of a list, each once. Of several that are unknown the first is named.
fn choices<T: Choice + PartialEq>(
    violations: &mut Violations,
    field: &str,
    numbers: &[i32],
) -> Vec<T> {
    unique(violations, field, numbers, |number| {
        required_choice(*number)
    })
}

fn categories(violations: &mut Violations, names: &[String]) -> Vec<Category> {
    unique(violations, "categories", names, |name| {
        Category::parse(name)
    })
}

fn unique<W, T: PartialEq, E: std::fmt::Display>(
    violations: &mut Violations,
    field: &str,
    given: &[W],
    parse: impl Fn(&W) -> Result<T, E>,
) -> Vec<T> {
    let mut values = Vec::new();
    for (position, given) in given.iter().enumerate() {
        let Some(value) = violations.take(format!("{field}[{position}]"), parse(given)) else {
            break;
        };
        if !values.contains(&value) {
            values.push(value);
        }
    }
    values
}
