use proto::{request::GetTaskStats, v1};
use service_kit::{ApiError, Context};

use super::TaskGrpc;

impl TaskGrpc {
    pub(super) async fn get_task_stats_with(
        &self,
        context: &Context,
        request: v1::GetTaskStatsRequest,
    ) -> Result<v1::GetTaskStatsResponse, ApiError> {
        let GetTaskStats { zone } = GetTaskStats::try_from(request)?;
        let stats = self.tasks.stats(context, zone).await?;
        Ok(v1::GetTaskStatsResponse::from(stats))
    }
}
