use std::fmt;

use crate::ValueError;

/// How much a task matters. Ordered: low comes before high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Priority {
    /// Can wait.
    Low,
    /// The usual.
    #[default]
    Medium,
    /// Comes first.
    High,
}

impl Priority {
    /// All priorities, low to high.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// Reads a priority in any case.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str().eq_ignore_ascii_case(text.trim()))
            .ok_or(ValueError::NotOneOf {
                choices: "low, medium, high",
            })
    }

    /// The priority in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }

    /// The number by which priorities are stored and sorted: 1 (low) to 3 (high).
    pub fn rank(self) -> i16 {
        match self {
            Self::Low => 1,
            Self::Medium => 2,
            Self::High => 3,
        }
    }

    /// The priority of a rank; `None` for any other number.
    pub fn from_rank(rank: i16) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.rank() == rank)
    }
}

impl fmt::Display for Priority {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_ranks_lead_back_to_the_priority() {
        for priority in Priority::ALL {
            assert_eq!(
                Priority::parse(&priority.as_str().to_uppercase()),
                Ok(priority)
            );
            assert_eq!(Priority::from_rank(priority.rank()), Some(priority));
        }
        assert!(Priority::ALL.is_sorted_by_key(|priority| priority.rank()));
        assert_eq!(Priority::from_rank(0), None);
        assert!(Priority::parse("urgent").is_err());
    }
}
