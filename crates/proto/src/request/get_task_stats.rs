use domain::Violations;
use domain::recurrence::TimeZoneName;

use crate::convert::{complete, given_zone};
use crate::v1;

/// `GetTaskStats`: where it is today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetTaskStats {
    /// The zone in which today is counted; `None` for that of the profile.
    pub zone: Option<TimeZoneName>,
}

impl TryFrom<v1::GetTaskStatsRequest> for GetTaskStats {
    type Error = Violations;

    fn try_from(request: v1::GetTaskStatsRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let zone = violations.take("time_zone", given_zone(&request.time_zone));
        complete(violations, || Some(Self { zone: zone? }))
    }
}
