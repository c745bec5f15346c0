use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Which occurrence follows when one is completed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RecurrenceMode {
    /// The first occurrence strictly after both this one's due and the completion.
    #[default]
    SkipMissed,
    /// The very next occurrence after this one, however late this one was completed.
    EveryOccurrence,
    /// One step of the rule from the local date of the completion, at the anchor's time of day.
    FromCompletion,
}

/// A text that names no recurrence mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be skip_missed, every_occurrence or from_completion")]
pub struct UnknownMode;

impl RecurrenceMode {
    /// The mode's name in storage and on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SkipMissed => "skip_missed",
            Self::EveryOccurrence => "every_occurrence",
            Self::FromCompletion => "from_completion",
        }
    }
}

impl FromStr for RecurrenceMode {
    type Err = UnknownMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [
            Self::SkipMissed,
            Self::EveryOccurrence,
            Self::FromCompletion,
        ]
        .into_iter()
        .find(|mode| mode.as_str() == text)
        .ok_or(UnknownMode)
    }
}

impl fmt::Display for RecurrenceMode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
