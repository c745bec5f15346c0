//! Requests, parsed: what a client wrote becomes values of the domain.
//!
//! Each type is made with `try_from` of the generated message, or with `parse` where the rules need
//! to know the present moment or the caller. Every field is looked at: the [`Violations`] name all
//! of them that are out of their bounds, by their paths in the request (`task.reminders[1].time`).
//! What is wrong only between fields, such as a rule without a due, is left to the domain, which
//! can tell once each field can be read.

use std::str::FromStr;

use domain::{Etag, PageLimits, PageSize, ParseIdError, RequestId, ValueError, Violations};

mod create_task;
mod delete_account;
mod get_task_stats;
mod list_audit_logs;
mod list_notifications;
mod list_tasks;
mod named;
mod preview_occurrences;
mod snooze_reminder;
mod task_fields;
mod update_profile;
mod update_task;

pub use create_task::CreateTask;
pub use delete_account::DeleteAccount;
pub use get_task_stats::GetTaskStats;
pub use list_audit_logs::ListAuditLogs;
pub use list_notifications::ListNotifications;
pub use list_tasks::ListTasks;
pub use named::{NotificationRequest, TaskRequest, TaskTransition};
pub use preview_occurrences::{PreviewOccurrences, PreviewSource};
pub use snooze_reminder::SnoozeReminder;
pub use update_profile::UpdateProfile;
pub use update_task::UpdateTask;

/// Reads an id that has to be there.
fn id<T: FromStr<Err = ParseIdError>>(
    violations: &mut Violations,
    field: &str,
    text: &str,
) -> Option<T> {
    if text.is_empty() {
        violations.add(field, ValueError::Missing);
        return None;
    }
    violations.take(field, text.parse())
}

/// Reads an id that may be absent, which is `Some(None)`.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether it could be read"
)]
fn optional_id<T: FromStr<Err = ParseIdError>>(
    violations: &mut Violations,
    field: &str,
    text: &str,
) -> Option<Option<T>> {
    if text.is_empty() {
        Some(None)
    } else {
        violations.take(field, text.parse()).map(Some)
    }
}

#[expect(
    clippy::option_option,
    reason = "the outer one says whether it could be read"
)]
fn request_id(violations: &mut Violations, text: &str) -> Option<Option<RequestId>> {
    optional_id(violations, "request_id", text)
}

#[expect(
    clippy::option_option,
    reason = "the outer one says whether it could be read"
)]
fn etag(violations: &mut Violations, field: &str, text: &str) -> Option<Option<Etag>> {
    if text.is_empty() {
        Some(None)
    } else {
        violations.take(field, Etag::parse(text)).map(Some)
    }
}

fn page_size(violations: &mut Violations, limits: PageLimits, requested: i32) -> Option<PageSize> {
    violations.take("page_size", limits.choose(requested))
}

/// A page token, which only the server can read; `None` asks for the first page.
fn page_token(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
