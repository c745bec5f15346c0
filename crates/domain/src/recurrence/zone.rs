use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// The compiled-in IANA database. Never the machine's: two replicas must agree on every instant.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// The name of an IANA time zone that the bundled database knows, in the database's own spelling.
///
/// Parsing ignores case (`europe/berlin` becomes `Europe/Berlin`); links such as `US/Eastern` stay
/// what they are.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct TimeZoneName {
    name: Arc<str>,
    zone: TimeZone,
}

/// A time zone name that the bundled IANA database does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not a time zone of the IANA database")]
pub struct UnknownTimeZone;

impl TimeZoneName {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self {
            name: Arc::from("UTC"),
            zone: TimeZone::UTC,
        }
    }

    /// The name, such as `America/New_York`.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The wall time at `instant` in this zone.
    pub fn local_time(&self, instant: Timestamp) -> DateTime {
        self.zone.to_datetime(instant)
    }

    /// The date at `instant` in this zone.
    pub fn local_date(&self, instant: Timestamp) -> Date {
        self.local_time(instant).date()
    }

    /// The instant of a wall time in this zone: one inside a gap moves later by the gap's length,
    /// an ambiguous one is the first of the two. `None` past the last instant of the calendar
    /// (9999-12-30T22:00:00Z) or before its first.
    pub fn instant(&self, local: DateTime) -> Option<Timestamp> {
        self.zone.to_ambiguous_timestamp(local).compatible().ok()
    }
}

impl FromStr for TimeZoneName {
    type Err = UnknownTimeZone;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let zone = DATABASE.get(text).map_err(|_| UnknownTimeZone)?;
        if zone.is_unknown() {
            return Err(UnknownTimeZone);
        }
        let name = Arc::from(zone.iana_name().ok_or(UnknownTimeZone)?);
        Ok(Self { name, zone })
    }
}

impl TryFrom<String> for TimeZoneName {
    type Error = UnknownTimeZone;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<TimeZoneName> for String {
    fn from(name: TimeZoneName) -> Self {
        String::from(name.as_str())
    }
}

impl fmt::Display for TimeZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.name)
    }
}

impl fmt::Debug for TimeZoneName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "TimeZoneName({})", self.name)
    }
}

impl PartialEq for TimeZoneName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for TimeZoneName {}

impl std::hash::Hash for TimeZoneName {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
