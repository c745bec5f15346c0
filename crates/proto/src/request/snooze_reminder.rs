use domain::{NotificationId, Snooze, ValueError, Violations};
use jiff::{SignedDuration, Timestamp};

use super::id;
use crate::convert::complete;
use crate::v1;
use crate::v1::snooze_reminder_request::When;

/// `SnoozeReminder`: which reminder, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnoozeReminder {
    /// The notification that the reminder made.
    pub notification_id: NotificationId,
    /// When the reminder goes off again.
    pub until: Timestamp,
}

impl SnoozeReminder {
    /// Reads a request that is made at `now`.
    pub fn parse(request: &v1::SnoozeReminderRequest, now: Timestamp) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let notification_id = id(&mut violations, "notification_id", &request.notification_id);
        let until = match request.when {
            None => violations.take("when", Err("must be until or delay")),
            Some(When::Until(time)) => {
                let until = Timestamp::try_from(time).map_err(|_| ValueError::SnoozeOutOfRange);
                violations.take(
                    "until",
                    until.and_then(|time| Snooze::Until(time).until(now)),
                )
            }
            Some(When::Delay(delay)) => {
                let delay = SignedDuration::try_from(delay);
                let delay = delay.map_err(|_| ValueError::DelayOutOfRange);
                violations.take(
                    "delay",
                    delay.and_then(|delay| Snooze::For(delay).until(now)),
                )
            }
        };
        complete(violations, || {
            Some(Self {
                notification_id: notification_id?,
                until: until?,
            })
        })
    }
}
