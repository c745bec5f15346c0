use crate::{
    Category, DueFilter, Priority, SearchText, Status, StatusKind, Tag, Task, search_text,
};

/// Which tasks of a user are meant. Every part that says something must hold; an empty list says
/// nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaskFilter {
    /// The status is one of these.
    pub statuses: Vec<StatusKind>,
    /// The priority is one of these.
    pub priorities: Vec<Priority>,
    /// The category is one of these.
    pub categories: Vec<Category>,
    /// The task has all of these tags.
    pub tags: Vec<Tag>,
    /// Every word stands in title or description.
    pub search: Option<SearchText>,
    /// When the task is due.
    pub due: Option<DueFilter>,
    /// What of the trash is meant.
    pub trash: TrashFilter,
}

/// What of the trash a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrashFilter {
    /// Tasks outside the trash only.
    #[default]
    Exclude,
    /// Tasks outside and inside the trash.
    Include,
    /// Tasks in the trash only.
    Only,
}

/// Counts of a user's tasks outside the trash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TaskStats {
    /// All of them.
    pub total: i64,
    /// Those still to do.
    pub pending: i64,
    /// Those done.
    pub completed: i64,
    /// Those still to do whose due has passed.
    pub overdue: i64,
    /// Those still to do that are due today.
    pub due_today: i64,
}

impl TaskFilter {
    /// Whether `task` is meant: what every database's answer must agree with.
    pub fn matches(&self, task: &Task) -> bool {
        let trash = match self.trash {
            TrashFilter::Exclude => !task.is_deleted(),
            TrashFilter::Include => true,
            TrashFilter::Only => task.is_deleted(),
        };
        trash
            && is_among(&self.statuses, &task.status.kind())
            && is_among(&self.priorities, &task.priority)
            && is_among(&self.categories, &task.category)
            && self.tags.iter().all(|tag| task.tags.contains(tag))
            && self
                .due
                .as_ref()
                .is_none_or(|due| due.matches(task.due.as_ref(), task.status == Status::Pending))
            && self
                .search
                .as_ref()
                .is_none_or(|search| search.matches(&search_text(&task.title, &task.description)))
    }
}

fn is_among<T: PartialEq>(accepted: &[T], value: &T) -> bool {
    accepted.is_empty() || accepted.contains(value)
}
