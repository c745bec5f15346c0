use domain::{Preview, recurrence::TimeZoneName};
use proto::request::{PreviewOccurrences, PreviewSource};
use service_kit::{ApiError, Context};

use super::Tasks;

impl Tasks {
    /// Computes when a task falls due next. Stores nothing.
    pub(crate) async fn preview(
        &self,
        context: &Context,
        request: PreviewOccurrences,
    ) -> Result<Preview, ApiError> {
        let count = request.count;
        match request.source {
            PreviewSource::Task(id) => {
                let task = self.get(context, id).await?;
                Ok(Preview::of_task(&task, self.kit.now(), count)?)
            }
            PreviewSource::Draft {
                due,
                rule,
                mode,
                end_date,
            } => {
                let zone = match due.as_ref() {
                    Some(due) if due.zone().is_none() => {
                        self.kit
                            .read()
                            .await?
                            .profile_get(&context.user)
                            .await?
                            .time_zone
                    }
                    _ => TimeZoneName::utc(),
                };
                let preview = Preview::of_draft(due, rule, mode, end_date, &zone, count);
                preview.map_err(|violations| violations.scoped("draft").into())
            }
        }
    }
}
