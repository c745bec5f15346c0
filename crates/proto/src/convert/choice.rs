//! Enums of the proto files and the domain's own.

use std::fmt;

use domain::recurrence::RecurrenceMode;
use domain::{
    ActorKind, NotificationKind, Priority, ReminderState, SeriesScope, StatusKind, TrashFilter,
    UpdateAction, ValueError,
};
use jiff::civil::Weekday;

use crate::v1;

/// A type of the domain whose values are those of an enum of the proto files, but for the
/// `UNSPECIFIED` that every such enum begins with.
pub(crate) trait Choice: Sized {
    /// The enum.
    type Wire: TryFrom<i32>;

    /// The value; `None` for the unspecified one.
    fn from_wire(wire: Self::Wire) -> Option<Self>;
}

/// Why a number is not a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChoiceError {
    /// The enum has no value of this number.
    Unknown(i32),
    /// It is the unspecified value, and one is needed.
    Missing,
}

/// The choice that a number of the wire stands for; `None` for the unspecified one.
pub(crate) fn choice<T: Choice>(number: i32) -> Result<Option<T>, ChoiceError> {
    T::Wire::try_from(number)
        .map(T::from_wire)
        .map_err(|_| ChoiceError::Unknown(number))
}

/// The choice that a number of the wire stands for.
pub(crate) fn required_choice<T: Choice>(number: i32) -> Result<T, ChoiceError> {
    choice(number)?.ok_or(ChoiceError::Missing)
}

impl fmt::Display for ChoiceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(number) => write!(formatter, "has the unknown value {number}"),
            Self::Missing => ValueError::Missing.fmt(formatter),
        }
    }
}

macro_rules! choice {
    ($domain:ident is $wire:ident: $($value:ident)+) => {
        impl Choice for $domain {
            type Wire = v1::$wire;

            fn from_wire(wire: v1::$wire) -> Option<Self> {
                match wire {
                    v1::$wire::Unspecified => None,
                    $(v1::$wire::$value => Some(Self::$value),)+
                }
            }
        }

        impl From<$domain> for v1::$wire {
            fn from(value: $domain) -> Self {
                match value {
                    $($domain::$value => Self::$value,)+
                }
            }
        }
    };
}

choice!(ActorKind is ActorKind: User Service);
choice!(NotificationKind is NotificationKind: Reminder);
choice!(Priority is Priority: Low Medium High);
choice!(RecurrenceMode is RecurrenceMode: SkipMissed EveryOccurrence FromCompletion);
choice!(ReminderState is ReminderState: Scheduled Sent Missed);
choice!(SeriesScope is SeriesScope: ThisAndFollowing ThisOccurrence);
choice!(StatusKind is TaskStatus: Pending Completed);
choice!(TrashFilter is TrashFilter: Exclude Include Only);
choice!(UpdateAction is UpdateAction: Created Updated Completed Deleted);
choice!(Weekday is Weekday: Monday Tuesday Wednesday Thursday Friday Saturday Sunday);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_choice_or_says_why_not() {
        assert_eq!(choice(v1::Priority::High.into()), Ok(Some(Priority::High)));
        assert_eq!(choice::<Priority>(0), Ok(None));
        assert_eq!(required_choice::<Priority>(0), Err(ChoiceError::Missing));
        assert_eq!(choice::<Priority>(4), Err(ChoiceError::Unknown(4)));
        assert_eq!(
            choice::<Priority>(-1).unwrap_err().to_string(),
            "has the unknown value -1"
        );
    }

    #[test]
    fn choices_come_back_from_the_wire() {
        for day in Weekday::Monday.cycle_forward().take(7) {
            assert_eq!(Weekday::from_wire(day.into()), Some(day));
        }
        for state in ReminderState::ALL {
            assert_eq!(ReminderState::from_wire(state.into()), Some(state));
        }
    }
}
