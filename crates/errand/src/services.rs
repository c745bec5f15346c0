//! From an app id to its service.

use domain::AppId;
use service_kit::{Kit, Service};

use crate::settings::Settings;

/// The service that a kit is for.
pub fn service(kit: &Kit, settings: &Settings) -> Service {
    match kit.app() {
        AppId::BackendApi => backend_api::service(kit, &settings.retention),
        AppId::RecurringService => recurring_service::service(kit),
        AppId::NotificationService => notification_service::service(kit),
        AppId::AuditService => audit_service::service(kit),
        AppId::RealtimeService => realtime_service::service(kit, settings.realtime.clone()),
    }
}
