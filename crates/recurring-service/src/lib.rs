//! Makes the next occurrence of a completed recurring task.
//!
//! Completing a task says nothing of its series: this service hears of it, asks the domain what
//! follows, and stores that as a task of its own. It serves nothing and knows no other service.

mod next_occurrence;

use domain::AppId;
use service_kit::{Kit, Service, TaskCompleted};

pub use next_occurrence::MakeNextOccurrence;

/// The service.
pub fn service(_kit: &Kit) -> Service {
    Service::new(AppId::RecurringService).subscribe(TaskCompleted, MakeNextOccurrence)
}
