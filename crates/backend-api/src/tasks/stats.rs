use domain::{TaskStats, recurrence::TimeZoneName};
use service_kit::{ApiError, Context};

use super::Tasks;

impl Tasks {
    /// Counts the user's tasks outside the trash. Today is counted in `zone`, else in the zone of
    /// the profile.
    pub(crate) async fn stats(
        &self,
        context: &Context,
        zone: Option<TimeZoneName>,
    ) -> Result<TaskStats, ApiError> {
        let read = self.kit.read().await?;
        let zone = match zone {
            Some(zone) => zone,
            None => read.profile_get(&context.user).await?.time_zone,
        };
        Ok(read
            .task_stats(&context.user, &zone, self.kit.now())
            .await?)
    }
}
