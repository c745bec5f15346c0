use domain::recurrence::TimeZoneName;
use domain::{Etag, Language, ProfileField, ProfilePatch, UpdateMask, ValueError, Violations};
use jiff::civil::Weekday;

use super::etag;
use crate::convert::{choice, complete, given_zone, take};
use crate::v1;

/// `UpdateProfile`: what changes in the profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateProfile {
    /// The state that the client has seen, if it says.
    pub etag: Option<Etag>,
    /// The new values of the fields in the mask, and only of those.
    pub patch: ProfilePatch,
}

impl TryFrom<v1::UpdateProfileRequest> for UpdateProfile {
    type Error = Violations;

    fn try_from(request: v1::UpdateProfileRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let profile = violations.take("profile", request.profile.ok_or(ValueError::Missing));
        // A mask without paths is what some clients send for none.
        let paths = request
            .update_mask
            .map(|mask| mask.paths)
            .unwrap_or_default();
        let mask = match &profile {
            Some(profile) if paths.is_empty() => Ok(UpdateMask::of(populated(profile))),
            _ => UpdateMask::parse(paths),
        };
        // What else is wrong is told also where the mask is.
        let mask = take(&mut violations, mask).unwrap_or_else(|| UpdateMask::of([]));
        let fields = profile.and_then(|profile| {
            let fields = fields(&profile, &mask);
            take(
                &mut violations,
                fields.map_err(|violations| violations.scoped("profile")),
            )
        });
        complete(violations, || fields)
    }
}

/// What changes from which state. The violations name fields of the profile.
fn fields(
    profile: &v1::Profile,
    mask: &UpdateMask<ProfileField>,
) -> Result<UpdateProfile, Violations> {
    let mut violations = Violations::new();
    let etag = etag(&mut violations, "etag", &profile.etag);
    let patch = take(&mut violations, patch(profile, mask));
    complete(violations, || {
        Some(UpdateProfile {
            etag: etag?,
            patch: patch?,
        })
    })
}

/// The fields that have another value than the one they have when they are not sent.
fn populated(profile: &v1::Profile) -> Vec<ProfileField> {
    [
        (ProfileField::TimeZone, !profile.time_zone.is_empty()),
        (ProfileField::Language, !profile.language.is_empty()),
        (ProfileField::FirstDayOfWeek, profile.first_day_of_week != 0),
    ]
    .into_iter()
    .filter_map(|(field, is_populated)| is_populated.then_some(field))
    .collect()
}

/// The new values of the masked fields. One that is masked and not sent gets its default.
fn patch(
    profile: &v1::Profile,
    mask: &UpdateMask<ProfileField>,
) -> Result<ProfilePatch, Violations> {
    let mut violations = Violations::new();
    let time_zone = mask.masked(ProfileField::TimeZone, || {
        violations.take("time_zone", given_zone(&profile.time_zone))
    });
    let language = mask.masked(ProfileField::Language, || {
        if profile.language.is_empty() {
            return Some(Language::default());
        }
        violations.take("language", Language::parse(&profile.language))
    });
    let first_day_of_week = mask.masked(ProfileField::FirstDayOfWeek, || {
        violations.take(
            "first_day_of_week",
            choice::<Weekday>(profile.first_day_of_week),
        )
    });
    violations.into_result(ProfilePatch {
        time_zone: time_zone
            .flatten()
            .map(|zone| zone.unwrap_or_else(TimeZoneName::utc)),
        language: language.flatten(),
        first_day_of_week: first_day_of_week
            .flatten()
            .map(|day| day.unwrap_or(Weekday::Monday)),
    })
}
