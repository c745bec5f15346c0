//! Fractions of a second, as proto3 JSON has them.

use std::fmt;

/// Writes `nanos` (0 to 999 999 999) as a point with 3, 6 or 9 digits, or nothing for zero.
pub(super) fn write(formatter: &mut fmt::Formatter<'_>, nanos: u32) -> fmt::Result {
    if nanos == 0 {
        Ok(())
    } else if nanos.is_multiple_of(1_000_000) {
        write!(formatter, ".{:03}", nanos / 1_000_000)
    } else if nanos.is_multiple_of(1_000) {
        write!(formatter, ".{:06}", nanos / 1_000)
    } else {
        write!(formatter, ".{nanos:09}")
    }
}

/// Reads 1 to 9 digits after a point as nanoseconds; `None` for anything else.
pub(super) fn parse(digits: &str) -> Option<u32> {
    if !(1..=9).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut nanos: u32 = digits.parse().ok()?;
    for _ in digits.len()..9 {
        nanos *= 10;
    }
    Some(nanos)
}
