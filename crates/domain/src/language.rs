use std::fmt;

use icu_locale_core::Locale;

use crate::ValueError;

/// The language in which a user reads, as a BCP 47 tag in its canonical case: `pt-BR`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Language(String);

impl Language {
    /// Reads a well-formed tag of at most 35 characters, the length RFC 5646 §4.4.1 tells to
    /// make room for.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        if text.len() > 35 {
            return Err(ValueError::NotALanguage);
        }
        let locale = Locale::try_from_str(text).map_err(|_| ValueError::NotALanguage)?;
        if locale.id.language.is_unknown() {
            return Err(ValueError::NotALanguage);
        }
        Ok(Self(locale.to_string()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Language {
    fn default() -> Self {
        Self(String::from("en"))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_kept_in_its_canonical_case() {
        for (given, kept) in [
            ("en", "en"),
            ("PT-br", "pt-BR"),
            ("zh-hant-tw", "zh-Hant-TW"),
        ] {
            assert_eq!(Language::parse(given).unwrap().as_str(), kept);
        }
        assert_eq!(
            Language::parse(Language::default().as_str()),
            Ok(Language::default())
        );
    }

    #[test]
    fn what_is_no_language_tag_is_refused() {
        for text in [
            "",
            "und",
            "english language",
            "e",
            "en-",
            "-en",
            "ü",
            "en\0",
            &"a".repeat(36),
        ] {
            assert_eq!(
                Language::parse(text),
                Err(ValueError::NotALanguage),
                "{text:?}"
            );
        }
    }
}
