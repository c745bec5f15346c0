use std::fmt;

use crate::ValueError;
use crate::value::{check_length, refuse_control};

/// The most characters of a title.
pub const MAX_TITLE_LENGTH: usize = 255;

/// What has to be done: 1 to 255 characters without white space around them and without control
/// characters. Otherwise kept as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title(String);

impl Title {
    /// Trims, then checks.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let trimmed = text.trim();
        check_length(trimmed, 1, MAX_TITLE_LENGTH)?;
        refuse_control(trimmed)?;
        Ok(Self(String::from(trimmed)))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Title {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_around_a_title_goes_and_inside_it_stays() {
        assert_eq!(
            Title::parse(" \n\u{3000}buy  milk\t ").unwrap().as_str(),
            "buy  milk"
        );
    }

    #[test]
    fn a_title_has_1_to_255_characters_not_bytes() {
        assert!(Title::parse(&"漢".repeat(255)).is_ok());
        let length = ValueError::Length {
            least: 1,
            most: 255,
        };
        assert_eq!(Title::parse(&"漢".repeat(256)), Err(length.clone()));
        assert_eq!(Title::parse(" \u{a0} "), Err(length));
    }

    #[test]
    fn a_title_has_no_control_characters() {
        for text in ["a\0b", "a\tb", "a\nb", "a\u{7f}b", "a\u{85}b", "a\u{1b}[0m"] {
            assert_eq!(
                Title::parse(text),
                Err(ValueError::ControlCharacter),
                "{text:?}"
            );
        }
    }
}
