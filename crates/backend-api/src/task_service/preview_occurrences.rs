use proto::{request::PreviewOccurrences, v1};
use service_kit::{ApiError, Context};

use super::TaskGrpc;

impl TaskGrpc {
    pub(super) async fn preview_occurrences_with(
        &self,
        context: &Context,
        request: v1::PreviewOccurrencesRequest,
    ) -> Result<v1::PreviewOccurrencesResponse, ApiError> {
        let request = PreviewOccurrences::try_from(request)?;
        let preview = self.tasks.preview(context, request).await?;
        Ok(v1::PreviewOccurrencesResponse::from(&preview))
    }
}
