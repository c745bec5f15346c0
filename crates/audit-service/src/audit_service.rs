//! `errand.v1.AuditService`.

mod list_audit_logs;

use proto::v1;
use proto::v1::audit_service_server::AuditService;
use service_kit::{Context, Kit};
use tonic::{Request, Response, Status};

pub use list_audit_logs::{AuditPage, list_audit_logs};

/// Serves `AuditService`.
#[derive(Debug, Clone)]
pub struct AuditGrpc {
    kit: Kit,
}

impl AuditGrpc {
    /// Serves it with this kit.
    pub fn new(kit: Kit) -> Self {
        Self { kit }
    }
}

#[tonic::async_trait]
impl AuditService for AuditGrpc {
    async fn list_audit_logs(
        &self,
        request: Request<v1::ListAuditLogsRequest>,
    ) -> Result<Response<v1::ListAuditLogsResponse>, Status> {
        let context = Context::of(&request)?;
        let request = request.into_inner();
        Ok(Response::new(
            list_audit_logs::answer(&self.kit, &context, request).await?,
        ))
    }
}
