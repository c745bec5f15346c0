//! `errand.v1.ProfileService`.

use proto::{
    request::UpdateProfile,
    v1::{self, profile_service_server::ProfileService},
};
use service_kit::{ApiError, Context};
use tonic::{Request, Response, Status, async_trait};

use crate::{answer::answer, profiles::Profiles};

/// Serves profiles by gRPC.
#[derive(Clone, Debug)]
pub(crate) struct ProfileGrpc {
    profiles: Profiles,
}

impl ProfileGrpc {
    pub(crate) fn new(profiles: Profiles) -> Self {
        Self { profiles }
    }

    async fn get_profile_with(
        &self,
        context: &Context,
    ) -> Result<v1::GetProfileResponse, ApiError> {
        let profile = self.profiles.get(context).await?;
        Ok(v1::GetProfileResponse {
            profile: Some(v1::Profile::from(&profile)),
        })
    }

    async fn update_profile_with(
        &self,
        context: &Context,
        request: v1::UpdateProfileRequest,
    ) -> Result<v1::UpdateProfileResponse, ApiError> {
        let UpdateProfile { etag, patch } = UpdateProfile::try_from(request)?;
        let profile = self.profiles.update(context, etag.as_ref(), &patch).await?;
        Ok(v1::UpdateProfileResponse {
            profile: Some(v1::Profile::from(&profile)),
        })
    }
}

#[async_trait]
impl ProfileService for ProfileGrpc {
    async fn get_profile(
        &self,
        request: Request<v1::GetProfileRequest>,
    ) -> Result<Response<v1::GetProfileResponse>, Status> {
        let context = Context::of(&request)?;
        answer(self.get_profile_with(&context).await)
    }

    async fn update_profile(
        &self,
        request: Request<v1::UpdateProfileRequest>,
    ) -> Result<Response<v1::UpdateProfileResponse>, Status> {
        let context = Context::of(&request)?;
        answer(
            self.update_profile_with(&context, request.into_inner())
                .await,
        )
    }
}
