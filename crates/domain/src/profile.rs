use jiff::Timestamp;
use jiff::civil::Weekday;

use crate::recurrence::TimeZoneName;
use crate::{Etag, Language, MaskField, TaskError, UserId};

/// How a user reads times and text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Whose it is.
    pub user_id: UserId,
    /// The zone in which the user lives.
    pub time_zone: TimeZoneName,
    /// The language for texts.
    pub language: Language,
    /// The day on which a week begins.
    pub first_day_of_week: Weekday,
    /// When it last changed; `None` if it never did.
    pub updated_at: Option<Timestamp>,
    /// Counts its changes: 0 is the default that was never stored.
    pub version: i64,
}

/// New values of a profile's fields. `None` leaves a field as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfilePatch {
    /// The zone in which the user lives.
    pub time_zone: Option<TimeZoneName>,
    /// The language for texts.
    pub language: Option<Language>,
    /// The day on which a week begins.
    pub first_day_of_week: Option<Weekday>,
}

/// A field of a profile that an edit can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProfileField {
    /// `time_zone`
    TimeZone,
    /// `language`
    Language,
    /// `first_day_of_week`
    FirstDayOfWeek,
}

impl Profile {
    /// The profile of a user who never set one: UTC, English, weeks from Monday.
    pub fn default_of(user_id: UserId) -> Self {
        Self {
            user_id,
            time_zone: TimeZoneName::utc(),
            language: Language::default(),
            first_day_of_week: Weekday::Monday,
            updated_at: None,
            version: 0,
        }
    }

    /// Names this state of the profile.
    pub fn etag(&self) -> Etag {
        Etag::of(self.version)
    }

    /// Refuses a change whose sender has seen another state than this. No etag is no demand.
    pub fn check_etag(&self, expected: Option<&Etag>) -> Result<(), TaskError> {
        match expected {
            Some(etag) if !etag.matches(self.version) => Err(TaskError::EtagMismatch),
            _ => Ok(()),
        }
    }

    /// Changes the fields that the patch names; `None` if nothing changes.
    pub fn update(self, patch: ProfilePatch, now: Timestamp) -> Option<Self> {
        let after = Self {
            time_zone: patch.time_zone.unwrap_or_else(|| self.time_zone.clone()),
            language: patch.language.unwrap_or_else(|| self.language.clone()),
            first_day_of_week: patch.first_day_of_week.unwrap_or(self.first_day_of_week),
            ..self.clone()
        };
        if after == self {
            return None;
        }
        Some(Self {
            updated_at: Some(now),
            version: self.version + 1,
            ..after
        })
    }
}

impl MaskField for ProfileField {
    const ALL: &'static [Self] = &[Self::TimeZone, Self::Language, Self::FirstDayOfWeek];

    const IGNORED: &'static [&'static str] = &["updated_at", "etag"];

    fn name(self) -> &'static str {
        match self {
            Self::TimeZone => "time_zone",
            Self::Language => "language",
            Self::FirstDayOfWeek => "first_day_of_week",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::{NOON, owner, time, zone};

    #[test]
    fn a_profile_that_was_never_set_is_version_0() {
        let profile = Profile::default_of(owner());
        assert_eq!(profile.time_zone, zone("UTC"));
        assert_eq!(profile.language.as_str(), "en");
        assert_eq!(profile.first_day_of_week, Weekday::Monday);
        assert_eq!((profile.version, profile.updated_at), (0, None));
        assert_eq!(profile.etag().as_str(), "v0");
    }

    #[test]
    fn a_change_of_the_profile_is_one_version_and_no_change_is_none() {
        let profile = Profile::default_of(owner());
        let patch = ProfilePatch {
            time_zone: Some(zone("Asia/Tokyo")),
            first_day_of_week: Some(Weekday::Sunday),
            ..ProfilePatch::default()
        };
        let after = profile.clone().update(patch.clone(), time(NOON)).unwrap();
        assert_eq!(after.time_zone, zone("Asia/Tokyo"));
        assert_eq!(after.language, profile.language);
        assert_eq!(after.first_day_of_week, Weekday::Sunday);
        assert_eq!((after.version, after.updated_at), (1, Some(time(NOON))));
        assert_eq!(after.clone().update(patch, time(NOON)), None);
        assert_eq!(
            profile.clone().update(ProfilePatch::default(), time(NOON)),
            None
        );

        assert_eq!(
            after.check_etag(Some(&profile.etag())),
            Err(TaskError::EtagMismatch)
        );
        assert_eq!(after.check_etag(Some(&after.etag())), Ok(()));
        assert_eq!(after.check_etag(None), Ok(()));
    }
}
