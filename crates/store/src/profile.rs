//! How each user reads times and text.

use domain::{Language, Profile, UserId};
use jiff::civil::Weekday;
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::entity::profile::{Column, Entity, Model};
use crate::row::Table;
use crate::{ReadTx, StoreError, Tx, UniqueKey, time};

const PROFILES: Table = Table("profiles");

impl ReadTx {
    /// A user's profile; the default one if none was ever stored.
    pub async fn profile_get(&self, user: &UserId) -> Result<Profile, StoreError> {
        self.profile_load(user, None).await
    }

    async fn profile_load(
        &self,
        user: &UserId,
        lock: Option<LockType>,
    ) -> Result<Profile, StoreError> {
        let row = Entity::find()
            .filter(Column::UserId.eq(user.as_str()))
            .apply_if(lock, QuerySelect::lock)
            .one(&self.session)
            .await?;
        row.map_or_else(
            || Ok(Profile::default_of(user.clone())),
            |row| read(user, &row),
        )
    }
}

impl Tx {
    /// As [`ReadTx::profile_get`], and keeps others from changing a stored one until this
    /// transaction ends.
    pub async fn profile_get_for_update(&self, user: &UserId) -> Result<Profile, StoreError> {
        self.profile_load(user, Some(LockType::Update)).await
    }

    /// Stores a profile whose version is one more than the stored one's; else this is a
    /// [`StoreError::Conflict`] over [`UniqueKey::Profile`]. A deleted account keeps none:
    /// [`StoreError::AccountDeleted`].
    pub async fn profile_upsert(&self, profile: &Profile) -> Result<(), StoreError> {
        let account = self.account_get(&profile.user_id).await?;
        if account.is_some_and(|account| account.deleted_at.is_some()) {
            self.session.fail();
            return Err(StoreError::AccountDeleted);
        }
        let updated_at = profile
            .updated_at
            .ok_or_else(|| PROFILES.corrupt("updated_at"))?;
        let written = self
            .session
            .change(
                "INSERT INTO profiles AS p \
                 (user_id, time_zone, language, first_day_of_week, updated_at, version) \
                 VALUES ($1, $2, $3, $4, $5, $6) \
                 ON CONFLICT (user_id) DO UPDATE SET time_zone = excluded.time_zone, \
                 language = excluded.language, first_day_of_week = excluded.first_day_of_week, \
                 updated_at = excluded.updated_at, version = excluded.version \
                 WHERE p.version = excluded.version - 1",
                [
                    profile.user_id.as_str().into(),
                    profile.time_zone.as_str().into(),
                    profile.language.as_str().into(),
                    i16::from(profile.first_day_of_week.to_monday_one_offset()).into(),
                    time::instant(updated_at).into(),
                    profile.version.into(),
                ],
            )
            .await?;
        if written == 1 {
            return Ok(());
        }
        self.session.fail();
        Err(StoreError::Conflict(UniqueKey::Profile))
    }
}

fn read(user: &UserId, row: &Model) -> Result<Profile, StoreError> {
    Ok(Profile {
        user_id: user.clone(),
        time_zone: row
            .time_zone
            .parse()
            .map_err(|_| PROFILES.corrupt("time_zone"))?,
        language: Language::parse(&row.language).map_err(|_| PROFILES.corrupt("language"))?,
        first_day_of_week: i8::try_from(row.first_day_of_week)
            .ok()
            .and_then(|day| Weekday::from_monday_one_offset(day).ok())
            .ok_or_else(|| PROFILES.corrupt("first_day_of_week"))?,
        updated_at: Some(PROFILES.instant(row.updated_at, "updated_at")?),
        version: row.version,
    })
}
