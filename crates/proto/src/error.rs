//! Why a call failed, in the form in which `google.rpc.ErrorInfo` carries it.

pub use crate::v1::ErrorReason as Reason;

/// The `domain` of every `google.rpc.ErrorInfo` that Errand sends.
pub const ERROR_DOMAIN: &str = "errand.v1";

/// What the names of [`Reason`] begin with in the proto file, and not in an `ErrorInfo`.
const PREFIX: &str = "ERROR_REASON_";

impl Reason {
    /// The `reason` of the `ErrorInfo`, such as `ETAG_MISMATCH`.
    pub fn as_reason(self) -> &'static str {
        let name = self.as_str_name();
        name.strip_prefix(PREFIX).unwrap_or(name)
    }

    /// The reason that an `ErrorInfo` names; `None` for one that this version does not know.
    pub fn from_reason(reason: &str) -> Option<Self> {
        Self::from_str_name(&format!("{PREFIX}{reason}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_a_name_of_its_own() {
        let reasons: Vec<Reason> = (0..)
            .map_while(|number| Reason::try_from(number).ok())
            .collect();
        assert_eq!(reasons.len(), 23);
        for reason in reasons {
            assert!(!reason.as_reason().starts_with(PREFIX), "{reason:?}");
            assert_eq!(Reason::from_reason(reason.as_reason()), Some(reason));
        }
        assert_eq!(Reason::EtagMismatch.as_reason(), "ETAG_MISMATCH");
        assert_eq!(Reason::from_reason("NO_SUCH_REASON"), None);
    }
}
