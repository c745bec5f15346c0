use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::value::{check_length, refuse_control};
use crate::{ValueError, Violations};

/// The most tags of a task.
pub const MAX_TAGS: usize = 10;

/// The most characters of a tag.
pub const MAX_TAG_LENGTH: usize = 50;

/// A label: 1 to 50 characters, trimmed, lower-cased and in Unicode's NFC, so that one label has
/// one spelling. No control characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// At most 10 labels without repeats, in the order given.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tags(Vec<Tag>);

impl Tag {
    /// Normalises, then checks.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let trimmed = text.trim();
        // Lower-casing lengthens few texts and shortens none by much: what is far too long is
        // refused before work is spent on it.
        check_length(trimmed, 1, MAX_TAG_LENGTH * 4).map_err(|_| ValueError::Length {
            least: 1,
            most: MAX_TAG_LENGTH,
        })?;
        refuse_control(trimmed)?;
        let lowered = if trimmed.is_ascii() {
            trimmed.to_ascii_lowercase()
        } else {
            let composed: String = trimmed.nfc().collect();
            composed.to_lowercase().nfc().collect()
        };
        check_length(&lowered, 1, MAX_TAG_LENGTH)?;
        Ok(Self(lowered))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Tags {
    /// Parses each tag and drops repeats. The violations name `tags[i]`, or `tags` for the whole.
    pub fn parse<T: AsRef<str>>(texts: impl IntoIterator<Item = T>) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let mut tags: Vec<Tag> = Vec::new();
        for (position, text) in texts.into_iter().enumerate() {
            let parsed = Tag::parse(text.as_ref());
            let Some(tag) = violations.take(format!("tags[{position}]"), parsed) else {
                continue;
            };
            if tags.contains(&tag) {
                continue;
            }
            if tags.len() == MAX_TAGS {
                violations.add("tags", ValueError::TooMany { most: MAX_TAGS });
                break;
            }
            tags.push(tag);
        }
        violations.into_result(Self(tags))
    }

    /// The tags in their order.
    pub fn as_slice(&self) -> &[Tag] {
        &self.0
    }

    /// The tags in their order, as texts.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(Tag::as_str)
    }

    /// Whether `tag` is one of them.
    pub fn contains(&self, tag: &Tag) -> bool {
        self.0.contains(tag)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn texts(tags: &Tags) -> Vec<&str> {
        tags.iter().collect()
    }

    #[test]
    fn tags_are_trimmed_lowered_composed_and_without_repeats() {
        let tags = Tags::parse([" Home ", "HOME", "e\u{301}t\u{e9}", "\u{c9}TE\u{301}", "b"]);
        assert_eq!(texts(&tags.unwrap()), ["home", "\u{e9}t\u{e9}", "b"]);
    }

    #[test]
    fn ten_different_tags_are_enough_and_repeats_do_not_count() {
        let ten: Vec<String> = (0..10).map(|number| format!("tag{number}")).collect();
        let twenty = ten.iter().chain(&ten);
        assert_eq!(texts(&Tags::parse(twenty).unwrap()), ten);
        let eleven = ten.iter().cloned().chain([String::from("one more")]);
        let violations = Tags::parse(eleven).unwrap_err();
        assert_eq!(violations.to_string(), "tags must have at most 10 entries");
    }

    #[test]
    fn every_bad_tag_is_named() {
        let long = "ж".repeat(51);
        let violations = Tags::parse(["ok", " ", "a\nb", &long, &"x".repeat(100_000)]).unwrap_err();
        assert_eq!(
            violations.to_string(),
            "tags[1] must have 1 to 50 characters; tags[2] must not contain control characters; \
             tags[3] must have 1 to 50 characters; tags[4] must have 1 to 50 characters"
        );
        assert!(Tag::parse(&"ж".repeat(50)).is_ok());
    }

    proptest! {
        #[test]
        fn normalising_is_idempotent(text in "\\PC{0,60}") {
            if let Ok(tag) = Tag::parse(&text) {
                prop_assert_eq!(Tag::parse(tag.as_str()), Ok(tag));
            }
        }

        #[test]
        fn parsed_tags_parse_to_themselves(given in prop::collection::vec("[ a-cA-CßİΣ]{1,3}", 0..20)) {
            if let Ok(tags) = Tags::parse(&given) {
                prop_assert_eq!(Tags::parse(tags.iter()), Ok(tags));
            }
        }
    }
}
