use domain::Profile;

use crate::{v1, wkt};

impl From<&Profile> for v1::Profile {
    fn from(profile: &Profile) -> Self {
        Self {
            time_zone: profile.time_zone.as_str().into(),
            language: profile.language.as_str().into(),
            first_day_of_week: v1::Weekday::from(profile.first_day_of_week).into(),
            updated_at: profile.updated_at.map(wkt::Timestamp::from),
            etag: profile.etag().as_str().into(),
        }
    }
}
