use std::cmp::Ordering;
use std::fmt;

use crate::{PagePosition, SortKey, Task, ValueError, title_key};

const CHOICES: &str =
    "created_at, updated_at, due, priority, title, each optionally followed by desc";

/// How a list of tasks is sorted. Ties are sorted by id, in the same direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TaskOrder {
    /// By what.
    pub by: OrderField,
    /// From the greatest to the least.
    pub descending: bool,
}

/// What tasks are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OrderField {
    /// When they were made.
    CreatedAt,
    /// When they last changed.
    UpdatedAt,
    /// When they are due: the moment, or the beginning of the date in the due's zone. Those
    /// without a due come last in both directions.
    Due,
    /// How much they matter: low is the least.
    Priority,
    /// Their folded titles, in binary order.
    Title,
}

impl TaskOrder {
    /// Reads `due` or `due desc` (AIP-132; superfluous spaces are ignored). Empty is the default:
    /// newest first.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let mut words = text.split(' ').filter(|word| !word.is_empty());
        let Some(name) = words.next() else {
            return Ok(Self::default());
        };
        let by = OrderField::ALL
            .into_iter()
            .find(|field| field.name() == name)
            .ok_or(ValueError::NotOneOf { choices: CHOICES })?;
        let descending = match (words.next(), words.next()) {
            (None, _) => false,
            (Some("desc"), None) => true,
            _ => return Err(ValueError::NotOneOf { choices: CHOICES }),
        };
        Ok(Self { by, descending })
    }

    /// The task's place in this order.
    pub fn position(self, task: &Task) -> PagePosition {
        let key = match self.by {
            OrderField::CreatedAt => SortKey::CreatedAt(task.created_at),
            OrderField::UpdatedAt => SortKey::UpdatedAt(task.updated_at),
            OrderField::Due => SortKey::Due(task.due.as_ref().map(crate::Due::starts_at)),
            OrderField::Priority => SortKey::Priority(task.priority),
            OrderField::Title => SortKey::Title(title_key(&task.title)),
        };
        PagePosition { key, id: task.id.0 }
    }

    /// Which of two tasks comes first: what every database's answer must agree with.
    pub fn compare(self, left: &Task, right: &Task) -> Ordering {
        let (left_place, right_place) = (self.position(left), self.position(right));
        if self.by == OrderField::Due && left.due.is_some() != right.due.is_some() {
            return right.due.is_some().cmp(&left.due.is_some());
        }
        let ascending = left_place
            .key
            .cmp(&right_place.key)
            .then(left.id.cmp(&right.id));
        if self.descending {
            ascending.reverse()
        } else {
            ascending
        }
    }
}

impl Default for TaskOrder {
    fn default() -> Self {
        Self {
            by: OrderField::CreatedAt,
            descending: true,
        }
    }
}

impl fmt::Display for TaskOrder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { " desc" } else { "" };
        write!(formatter, "{}{direction}", self.by.name())
    }
}

impl OrderField {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::CreatedAt,
        Self::UpdatedAt,
        Self::Due,
        Self::Priority,
        Self::Title,
    ];

    /// The name in `order_by`.
    pub fn name(self) -> &'static str {
        match self {
            Self::CreatedAt => "created_at",
            Self::UpdatedAt => "updated_at",
            Self::Due => "due",
            Self::Priority => "priority",
            Self::Title => "title",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_a_field_and_a_direction() {
        for by in OrderField::ALL {
            for descending in [false, true] {
                let order = TaskOrder { by, descending };
                assert_eq!(TaskOrder::parse(&order.to_string()), Ok(order));
            }
        }
        assert_eq!(TaskOrder::parse("  "), Ok(TaskOrder::default()));
        let title = TaskOrder {
            by: OrderField::Title,
            descending: true,
        };
        assert_eq!(TaskOrder::parse(" title   desc "), Ok(title));
    }

    #[test]
    fn no_other_order_is_accepted() {
        for text in [
            "id",
            "Title",
            "title asc",
            "title DESC",
            "title, due",
            "title desc due",
            "title\tdesc",
        ] {
            assert!(TaskOrder::parse(text).is_err(), "{text}");
        }
    }
}
