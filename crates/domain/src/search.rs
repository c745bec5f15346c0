use crate::value::{check_length, refuse_nul};
use crate::{ValueError, fold};

/// The most characters of a search.
pub const MAX_SEARCH_LENGTH: usize = 200;

/// The folded words of a search, without repeats: one or more. Each must stand somewhere in title
/// or description.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SearchText(Vec<String>);

impl SearchText {
    /// Reads the words of a text of at most 200 characters; `None` if it has no word.
    pub fn parse(text: &str) -> Result<Option<Self>, ValueError> {
        check_length(text, 0, MAX_SEARCH_LENGTH)?;
        refuse_nul(text)?;
        let mut words: Vec<String> = Vec::new();
        for word in fold(text).split_whitespace() {
            if !words.iter().any(|known| known == word) {
                words.push(String::from(word));
            }
        }
        Ok((!words.is_empty()).then_some(Self(words)))
    }

    /// The words.
    pub fn words(&self) -> &[String] {
        &self.0
    }

    /// Whether every word stands somewhere in a text that [`crate::search_text`] made.
    pub fn matches(&self, search_text: &str) -> bool {
        self.0
            .iter()
            .all(|word| search_text.contains(word.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_its_folded_words() {
        let search = SearchText::parse(" Groß\u{3000}GROSS\n50% a_b ")
            .unwrap()
            .unwrap();
        assert_eq!(search.words(), ["gross", "50%", "a_b"]);
        assert!(search.matches("ein grosser\n50% a_b"));
        assert!(!search.matches("ein grosser\n500 a_b"));
        assert!(!search.matches("ein grosser\n50% aXb"));
    }

    #[test]
    fn a_search_without_words_is_none() {
        assert_eq!(SearchText::parse(" \t\u{3000}"), Ok(None));
        assert_eq!(SearchText::parse(""), Ok(None));
    }

    #[test]
    fn a_search_is_bounded_and_has_no_nul() {
        assert!(SearchText::parse(&"ß".repeat(200)).unwrap().is_some());
        assert_eq!(
            SearchText::parse(&"ß".repeat(201)),
            Err(ValueError::TooLong { most: 200 })
        );
        assert_eq!(SearchText::parse("a\0b"), Err(ValueError::NulCharacter));
    }
}
