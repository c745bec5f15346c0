//! How a message is read: each part by itself, with what is wrong with any of them noted, and at the
//! end the value that they make.

use domain::Violations;

/// The value of a part, or its violations added to those of the others.
pub(crate) fn take<T>(violations: &mut Violations, part: Result<T, Violations>) -> Option<T> {
    match part {
        Ok(value) => Some(value),
        Err(others) => {
            violations.extend(others);
            None
        }
    }
}

/// The value that `build` makes of the parts if none of them violates anything.
///
/// A part that could not be read is `None` and has left its violation; `build` then gives up.
pub(crate) fn complete<T>(
    violations: Violations,
    build: impl FnOnce() -> Option<T>,
) -> Result<T, Violations> {
    violations.into_result(())?;
    build().ok_or_else(|| Violations::one("message", "is incomplete"))
}
