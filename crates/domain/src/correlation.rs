use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use crate::ValueError;
use crate::value::check_length;

/// Ties a request to everything that follows from it, in events, logs and answers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorrelationId(Arc<str>);

impl CorrelationId {
    /// 1 to 128 visible ASCII characters: it travels in headers.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        check_length(text, 1, 128)?;
        if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ValueError::NotVisibleAscii);
        }
        Ok(Self(Arc::from(text)))
    }

    /// The hyphenated form of a UUID, for a request that came without an id.
    pub fn from_uuid(uuid: Uuid) -> Self {
        Self(Arc::from(uuid.as_hyphenated().to_string()))
    }

    /// The id as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for CorrelationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_correlation_id_fits_in_a_header() {
        assert!(CorrelationId::parse("req-1/2:3").is_ok());
        assert!(CorrelationId::parse(&"x".repeat(128)).is_ok());
        for refused in ["", "a b", "a\r\nb", "é", &"x".repeat(129)] {
            assert!(CorrelationId::parse(refused).is_err(), "{refused:?}");
        }
        let made = CorrelationId::from_uuid(Uuid::nil());
        assert_eq!(CorrelationId::parse(made.as_str()), Ok(made));
    }
}
