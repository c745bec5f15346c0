//! One immutable row for every task event.
//!
//! It takes the four task topics and `reminder-due`, in batches, and stores each event once,
//! whatever their order; and it lets a user read what happened to their tasks. A row is never
//! changed, but for this: of a deleted account only ids and times are kept.

mod audit_service;
mod record_events;

use domain::{AppId, Topic};
use proto::v1::audit_service_server::AuditServiceServer;
use service_kit::{BulkOptions, Kit, Service};

pub use audit_service::{AuditGrpc, AuditPage, list_audit_logs};
pub use record_events::RecordEvents;

/// The service.
pub fn service(kit: &Kit) -> Service {
    let topics = Topic::ALL.into_iter().filter(|topic| topic.is_audited());
    let audit = AuditServiceServer::new(AuditGrpc::new(kit.clone()));
    Service::new(AppId::AuditService)
        .subscribe_bulk(topics, RecordEvents, BulkOptions::default())
        .grpc(audit.max_decoding_message_size(kit.largest_request()))
}
