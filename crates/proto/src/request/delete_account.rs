use domain::{UserId, ValueError, Violations};

use crate::v1;

/// `DeleteAccount`, confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeleteAccount {
    /// The caller, whose account it is.
    pub user_id: UserId,
}

impl DeleteAccount {
    /// Reads a request that `caller` makes: it has to repeat the caller's own id.
    pub fn parse(request: &v1::DeleteAccountRequest, caller: &UserId) -> Result<Self, Violations> {
        let field = "confirm_user_id";
        if request.confirm_user_id.is_empty() {
            return Err(Violations::one(field, ValueError::Missing));
        }
        if request.confirm_user_id != caller.as_str() {
            return Err(Violations::one(
                field,
                "must be the id of the user who calls",
            ));
        }
        Ok(Self {
            user_id: caller.clone(),
        })
    }
}
