use std::fmt;

use crate::ValueError;

/// Names one state of a thing: `v3` is its third version. Opaque to clients.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Etag(String);

impl Etag {
    /// The etag of a version.
    pub fn of(version: i64) -> Self {
        Self(format!("v{version}"))
    }

    /// Reads an etag that came back from a client.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        let version: Option<i64> = text
            .strip_prefix('v')
            .and_then(|digits| digits.parse().ok());
        // Only the one spelling that `of` makes is ours: `v03` and `v+3` are not.
        version
            .map(Self::of)
            .filter(|etag| etag.0 == text)
            .ok_or(ValueError::NotAnEtag)
    }

    /// Whether this is the etag of `version`.
    pub fn matches(&self, version: i64) -> bool {
        *self == Self::of(version)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Etag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_names_one_version() {
        let etag = Etag::of(3);
        assert_eq!(Etag::parse(etag.as_str()), Ok(etag.clone()));
        assert!(etag.matches(3));
        assert!(!etag.matches(4));
    }

    #[test]
    fn only_our_own_spelling_is_an_etag() {
        for text in [
            "",
            "v",
            "3",
            "v03",
            "v+3",
            "V3",
            "\"v3\"",
            "v3 ",
            "v99999999999999999999",
        ] {
            assert_eq!(Etag::parse(text), Err(ValueError::NotAnEtag), "{text:?}");
        }
    }
}
