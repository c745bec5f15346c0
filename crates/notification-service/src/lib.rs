//! Reminders that are due become notifications.
//!
//! Each second the cron binding asks which reminders are due; each that is makes a `reminder-due`
//! event. The event comes back here and becomes a notification, once, which open screens are told
//! of; and users read, dismiss and put off what they have been told.

mod notification_service;
mod remind;
mod store_notification;

use domain::AppId;
use proto::v1::notification_service_server::NotificationServiceServer;
use service_kit::{Kit, ReminderDue, Service};

pub use notification_service::{
    NotificationGrpc, NotificationPage, Snoozed, delete_notification, list_notifications,
    mark_all_notifications_read, mark_notification_read, snooze_reminder,
};
pub use remind::Remind;
pub use store_notification::StoreNotification;

/// The input binding that fires every second.
pub const REMINDER_CHECK: &str = "reminder-check-cron";

/// The service.
pub fn service(kit: &Kit) -> Service {
    let notifications = NotificationServiceServer::new(NotificationGrpc::new(kit.clone()));
    Service::new(AppId::NotificationService)
        .binding(REMINDER_CHECK, Remind::new(kit.clone()))
        .subscribe(ReminderDue, StoreNotification)
        .grpc(notifications.max_decoding_message_size(kit.largest_request()))
}
