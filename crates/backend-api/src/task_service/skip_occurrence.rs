use proto::{request::TaskTransition, v1};
use service_kit::{ApiError, Context};

use super::{TaskGrpc, transition};

impl TaskGrpc {
    pub(super) async fn skip_occurrence_with(
        &self,
        context: &Context,
        request: v1::SkipOccurrenceRequest,
    ) -> Result<v1::SkipOccurrenceResponse, ApiError> {
        let parsed = TaskTransition::try_from(request.clone())?;
        let (target, repeatable) = transition("SkipOccurrence", parsed, &request);
        let task = self
            .tasks
            .skip(context, &target, repeatable.as_ref())
            .await?;
        Ok(v1::SkipOccurrenceResponse {
            task: Some(self.to_wire(&task)),
        })
    }
}
