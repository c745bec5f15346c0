//! How users read times and text.

use domain::{Etag, Profile, ProfilePatch, TaskError};
use service_kit::{ApiError, Context, ErrorKind, Kit};

/// The use cases of profiles. A cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Profiles {
    kit: Kit,
}

impl Profiles {
    pub(crate) fn new(kit: Kit) -> Self {
        Self { kit }
    }

    /// Reads the profile; the defaults if it was never set.
    pub(crate) async fn get(&self, context: &Context) -> Result<Profile, ApiError> {
        Ok(self.kit.read().await?.profile_get(&context.user).await?)
    }

    /// Changes the fields that the patch names.
    pub(crate) async fn update(
        &self,
        context: &Context,
        etag: Option<&Etag>,
        patch: &ProfilePatch,
    ) -> Result<Profile, ApiError> {
        match self.update_once(context, etag, patch).await {
            // A profile that is not stored yet cannot be locked, so that two may make it at the
            // same moment. The second time it is there.
            Err(error) if error.kind() == ErrorKind::Conflict => {
                self.update_once(context, etag, patch).await
            }
            outcome => outcome,
        }
    }

    async fn update_once(
        &self,
        context: &Context,
        etag: Option<&Etag>,
        patch: &ProfilePatch,
    ) -> Result<Profile, ApiError> {
        self.kit
            .transact(context, async |work| {
                let profile = work.tx().profile_get_for_update(work.user()).await?;
                profile.check_etag(etag).map_err(of_profile)?;
                let Some(updated) = profile.clone().update(patch.clone(), work.now()) else {
                    return Ok(profile);
                };
                work.tx().profile_upsert(&updated).await?;
                work.commit().await?;
                Ok(updated)
            })
            .await
    }
}

fn of_profile(error: TaskError) -> ApiError {
    ApiError::from(error).with_message("the profile has changed: read it again and repeat")
}
