//! Whether events can be handled, for the sidecar.

use dapr::dapr::proto::runtime::v1::{
    HealthCheckResponse, app_callback_health_check_server::AppCallbackHealthCheck,
};
use tonic::{Request, Response, Status, async_trait};

use crate::health::Health;

/// Answers the sidecar's probes.
#[derive(Clone)]
pub(crate) struct HealthCheck(pub(crate) Health);

#[async_trait]
impl AppCallbackHealthCheck for HealthCheck {
    async fn health_check(
        &self,
        _request: Request<()>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        if self.0.can_handle_events() {
            Ok(Response::new(HealthCheckResponse {}))
        } else {
            Err(Status::unavailable("database or secrets are not there yet"))
        }
    }
}
