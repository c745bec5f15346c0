use std::fmt;
use std::str::FromStr;

/// A service of Errand, by its Dapr app-id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppId {
    /// `backend-api`: tasks, profiles and accounts.
    BackendApi,
    /// `recurring-service`: makes the next occurrence of a series.
    RecurringService,
    /// `notification-service`: reminders and notifications.
    NotificationService,
    /// `audit-service`: keeps what happened.
    AuditService,
    /// `realtime-service`: live streams.
    RealtimeService,
}

/// A text that is no app-id of Errand.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be one of backend-api, recurring-service, notification-service, audit-service, \
     realtime-service"
)]
pub struct UnknownAppId;

impl AppId {
    /// All services.
    pub const ALL: [Self; 5] = [
        Self::BackendApi,
        Self::RecurringService,
        Self::NotificationService,
        Self::AuditService,
        Self::RealtimeService,
    ];

    /// The app-id.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BackendApi => "backend-api",
            Self::RecurringService => "recurring-service",
            Self::NotificationService => "notification-service",
            Self::AuditService => "audit-service",
            Self::RealtimeService => "realtime-service",
        }
    }
}

impl FromStr for AppId {
    type Err = UnknownAppId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|app| app.as_str() == text)
            .ok_or(UnknownAppId)
    }
}

impl fmt::Display for AppId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
