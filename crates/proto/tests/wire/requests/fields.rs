use std::fmt::Debug;

use domain::Violations;

/// The fields that a request is refused for, in the order in which they are named.
pub fn refused<T: Debug>(parsed: Result<T, Violations>) -> Vec<String> {
    let violations = parsed.unwrap_err();
    violations
        .into_vec()
        .into_iter()
        .map(|violation| violation.field)
        .collect()
}
