use std::fmt;

use crate::ValueError;
use crate::value::{check_length, refuse_nul};

/// The most characters of a description.
pub const MAX_DESCRIPTION_LENGTH: usize = 10_000;

/// Anything more there is to say: at most 10 000 characters, kept exactly as typed, line breaks
/// included. Empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Description(String);

impl Description {
    /// Checks; nothing is trimmed.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        check_length(text, 0, MAX_DESCRIPTION_LENGTH)?;
        refuse_nul(text)?;
        Ok(Self(String::from(text)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Description {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_kept_as_typed() {
        let text = "  milk\r\n\tbread \u{7} ";
        assert_eq!(Description::parse(text).unwrap().as_str(), text);
        assert!(Description::parse("").unwrap().is_empty());
    }

    #[test]
    fn a_description_has_at_most_10_000_characters_and_no_nul() {
        assert!(Description::parse(&"😀".repeat(10_000)).is_ok());
        assert_eq!(
            Description::parse(&"😀".repeat(10_001)),
            Err(ValueError::TooLong { most: 10_000 })
        );
        assert_eq!(Description::parse("a\0"), Err(ValueError::NulCharacter));
    }
}
