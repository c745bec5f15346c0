use domain::{Etag, Language, ProfilePatch};
use jiff::civil::Weekday;
use proto::request::UpdateProfile;
use proto::v1;
use proto::wkt::FieldMask;

use super::fields::refused;

fn update(profile: v1::Profile, paths: &[&str]) -> v1::UpdateProfileRequest {
    v1::UpdateProfileRequest {
        profile: Some(profile),
        update_mask: Some(paths.iter().copied().collect::<FieldMask>()),
    }
}

#[test]
fn the_populated_or_masked_fields_of_a_profile_change() {
    let tokyo = v1::Profile {
        time_zone: "asia/tokyo".into(),
        ..v1::Profile::default()
    };
    let moved = ProfilePatch {
        time_zone: Some("Asia/Tokyo".parse().unwrap()),
        ..ProfilePatch::default()
    };
    let request = v1::UpdateProfileRequest {
        profile: Some(tokyo.clone()),
        update_mask: None,
    };
    assert_eq!(UpdateProfile::try_from(request).unwrap().patch, moved);
    assert_eq!(
        UpdateProfile::try_from(update(tokyo, &["time_zone"]))
            .unwrap()
            .patch,
        moved
    );
    let defaults = UpdateProfile::try_from(update(v1::Profile::default(), &["*"])).unwrap();
    assert_eq!(defaults.etag, None);
    assert_eq!(
        defaults.patch,
        ProfilePatch {
            time_zone: Some("UTC".parse().unwrap()),
            language: Some(Language::default()),
            first_day_of_week: Some(Weekday::Monday),
        }
    );
    let profile = v1::Profile {
        language: "pt-br".into(),
        first_day_of_week: v1::Weekday::Sunday.into(),
        etag: "v0".into(),
        ..v1::Profile::default()
    };
    let read = UpdateProfile::try_from(update(profile, &["language", "first_day_of_week", "etag"]));
    let read = read.unwrap();
    assert_eq!(read.etag, Some(Etag::of(0)));
    assert_eq!(
        read.patch,
        ProfilePatch {
            time_zone: None,
            language: Some(Language::parse("pt-BR").unwrap()),
            first_day_of_week: Some(Weekday::Sunday),
        }
    );
}

#[test]
fn all_that_is_wrong_with_a_profile_is_told_at_once() {
    let profile = v1::Profile {
        time_zone: "Moon".into(),
        language: "english".repeat(9),
        first_day_of_week: 8,
        etag: "0".into(),
        updated_at: None,
    };
    let request = v1::UpdateProfileRequest {
        profile: Some(profile),
        update_mask: None,
    };
    assert_eq!(
        refused(UpdateProfile::try_from(request)),
        [
            "profile.etag",
            "profile.time_zone",
            "profile.language",
            "profile.first_day_of_week"
        ]
    );
    let nothing = v1::UpdateProfileRequest::default();
    assert_eq!(refused(UpdateProfile::try_from(nothing)), ["profile"]);
    let unknown = update(v1::Profile::default(), &["timezone"]);
    assert_eq!(refused(UpdateProfile::try_from(unknown)), ["update_mask"]);
}
