//! The zone of a user's profile, read only where it decides something.

use domain::{DueInput, recurrence::TimeZoneName};
use service_kit::{ApiError, UnitOfWork};

/// The zone for a due that says none.
pub(super) async fn of_due(
    work: &UnitOfWork,
    due: Option<&DueInput>,
) -> Result<TimeZoneName, ApiError> {
    if due.is_none_or(|due| due.zone().is_some()) {
        return Ok(TimeZoneName::utc());
    }
    Ok(work.tx().profile_get(work.user()).await?.time_zone)
}
