//! What one user may ask for.

use super::Reader;

/// Section `limits`.
#[derive(Debug, Clone)]
pub struct LimitsConfig {
    /// Requests a second of one user, in the long run.
    pub requests_per_second: u32,
    /// Requests of one user that may come at once after a pause.
    pub burst: u32,
    /// Requests of one user in flight at once.
    pub in_flight: u32,
}

impl LimitsConfig {
    /// Reads the section.
    pub fn read(reader: &mut Reader) -> Self {
        Self {
            requests_per_second: reader.within(
                "limits.requests_per_second",
                50,
                1..=1_000_000,
                "requests a second of one user, in the long run",
            ),
            burst: reader.within(
                "limits.burst",
                200,
                1..=1_000_000,
                "requests of one user at once after a pause",
            ),
            in_flight: reader.within(
                "limits.in_flight",
                64,
                1..=100_000,
                "requests of one user in flight at once",
            ),
        }
    }
}
