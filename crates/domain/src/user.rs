use std::fmt;
use std::sync::Arc;

use crate::ValueError;
use crate::value::{check_length, refuse_control};

/// Names a user: the `sub` of the token. Opaque, compared byte for byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(Arc<str>);

impl UserId {
    /// 1 to 255 characters, none of them a control character.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        check_length(text, 1, 255)?;
        refuse_control(text)?;
        Ok(Self(Arc::from(text)))
    }

    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_id_is_bounded_and_printable() {
        assert_eq!(
            UserId::parse("auth0|alice").unwrap().as_str(),
            "auth0|alice"
        );
        assert!(UserId::parse(&"ü".repeat(255)).is_ok());
        assert!(UserId::parse(&"ü".repeat(256)).is_err());
        assert!(UserId::parse("").is_err());
        assert!(UserId::parse("a\nb").is_err());
        assert!(UserId::parse("a\0b").is_err());
    }
}
