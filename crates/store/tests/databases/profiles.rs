use domain::{Language, Profile, ProfilePatch};
use jiff::civil::Weekday;
use store::{StoreError, UniqueKey};

use crate::samples::{later, now, user};

on_every_database! {
    async fn a_profile_is_the_default_until_one_is_stored(database: &TestDatabase) {
        let alice = user("alice");
        let read = database.store.read().await.unwrap();
        let default = read.profile_get(&alice).await.unwrap();
        drop(read);
        assert_eq!(default, Profile::default_of(alice.clone()));
        let patch = ProfilePatch {
            time_zone: Some("Europe/Berlin".parse().unwrap()),
            language: Some(Language::parse("pt-BR").unwrap()),
            first_day_of_week: Some(Weekday::Sunday),
        };
        let first = default.clone().update(patch, now()).unwrap();
        let patch = ProfilePatch {
            first_day_of_week: Some(Weekday::Monday),
            ..ProfilePatch::default()
        };
        let second = first.clone().update(patch, later(1)).unwrap();
        for profile in [&first, &second] {
            let tx = database.store.begin().await.unwrap();
            tx.profile_upsert(profile).await.unwrap();
            tx.commit().await.unwrap();
            let tx = database.store.begin().await.unwrap();
            assert_eq!(&tx.profile_get_for_update(&alice).await.unwrap(), profile);
        }
        for stale in [&first, &second] {
            let tx = database.store.begin().await.unwrap();
            let error = tx.profile_upsert(stale).await.unwrap_err();
            assert!(matches!(error, StoreError::Conflict(UniqueKey::Profile)), "{error:?}");
        }
        let bob = user("bob");
        let read = database.store.read().await.unwrap();
        assert_eq!(read.profile_get(&bob).await.unwrap(), Profile::default_of(bob));
    }
}
