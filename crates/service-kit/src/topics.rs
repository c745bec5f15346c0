//! The topics that belong to one service alone.

use domain::AppId;

/// Where the events go that the service answered with DROP, or that the sidecar could not deliver.
pub fn dead_letter_topic(app: AppId) -> String {
    format!("dlq.{app}")
}

/// Where the service publishes canary events to itself, to notice a subscription that has gone
/// quiet. Nobody else reads it, and nothing of it is stored. It needs at least as many partitions as
/// the service has replicas.
pub fn canary_topic(app: AppId) -> String {
    format!("canary.{app}")
}
