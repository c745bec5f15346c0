/// What is wrong with a value, worded to follow the name of its field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ValueError {
    /// There is no value where one is needed.
    #[error("is required")]
    Missing,
    /// The text is empty or too long.
    #[error("must have {least} to {most} characters")]
    Length {
        /// The fewest characters.
        least: usize,
        /// The most characters.
        most: usize,
    },
    /// The text is too long.
    #[error("must have at most {most} characters")]
    TooLong {
        /// The most characters.
        most: usize,
    },
    /// The list is too long.
    #[error("must have at most {most} entries")]
    TooMany {
        /// The most entries.
        most: usize,
    },
    /// The text holds a control character, such as a tab or a line break.
    #[error("must not contain control characters")]
    ControlCharacter,
    /// The text holds the character NUL.
    #[error("must not contain the character NUL")]
    NulCharacter,
    /// The text holds something else than visible ASCII characters.
    #[error("must consist of visible ASCII characters")]
    NotVisibleAscii,
    /// The text is none of a closed list.
    #[error("must be one of {choices}")]
    NotOneOf {
        /// The list, separated by commas.
        choices: &'static str,
    },
    /// The text is not a language tag.
    #[error("must be a BCP 47 language tag such as en or pt-BR")]
    NotALanguage,
    /// The text is not an etag that Errand gave out.
    #[error("must be an etag as the server sent it")]
    NotAnEtag,
    /// The date is outside the accepted years.
    #[error("must be a date of the years 1970 to 2999")]
    DateOutOfRange,
    /// The time is outside the accepted years.
    #[error("must be a time of the years 1970 to 2999")]
    TimeOutOfRange,
    /// The time before the due is negative, too long or not in whole seconds.
    #[error("must be whole seconds from 0 to 366 days")]
    BeforeDueOutOfRange,
    /// The moment to snooze until has passed or is too far away.
    #[error("must be in the future and at most 366 days away")]
    SnoozeOutOfRange,
    /// The time to snooze for is too short or too long.
    #[error("must be 1 second to 366 days")]
    DelayOutOfRange,
    /// The number is negative.
    #[error("must not be negative")]
    Negative,
}

/// Refuses the character NUL.
pub(crate) fn refuse_nul(text: &str) -> Result<(), ValueError> {
    if text.contains('\0') {
        Err(ValueError::NulCharacter)
    } else {
        Ok(())
    }
}

/// Refuses every control character, NUL included.
pub(crate) fn refuse_control(text: &str) -> Result<(), ValueError> {
    if text.contains(char::is_control) {
        Err(ValueError::ControlCharacter)
    } else {
        Ok(())
    }
}

/// Refuses a text of fewer than `least` or more than `most` characters.
pub(crate) fn check_length(text: &str, least: usize, most: usize) -> Result<(), ValueError> {
    // One character more than the limit decides; the rest of a huge text need not be counted.
    let length = text.chars().take(most.saturating_add(1)).count();
    if length < least || length > most {
        return Err(if least == 0 {
            ValueError::TooLong { most }
        } else {
            ValueError::Length { least, most }
        });
    }
    Ok(())
}
