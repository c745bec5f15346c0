//! `errand.v1.UpdateService`.

mod stream_updates;
#[cfg(test)]
mod tests;

use std::{pin::Pin, sync::Arc};

use futures::Stream;
use proto::v1;
use proto::v1::update_service_server::UpdateService;
use service_kit::{Context, Kit};
use tonic::{Request, Response, Status};

use crate::{catch_up::CatchUp, hub::Hub};

/// Serves `UpdateService`.
#[derive(Debug, Clone)]
pub struct UpdateGrpc {
    kit: Kit,
    hub: Arc<Hub>,
    catch_up: CatchUp,
}

impl UpdateGrpc {
    /// Streams what `hub` has, once `catch_up` is done.
    pub fn new(kit: Kit, hub: Arc<Hub>, catch_up: CatchUp) -> Self {
        Self { kit, hub, catch_up }
    }
}

#[tonic::async_trait]
impl UpdateService for UpdateGrpc {
    type StreamUpdatesStream =
        Pin<Box<dyn Stream<Item = Result<v1::StreamUpdatesResponse, Status>> + Send>>;

    async fn stream_updates(
        &self,
        request: Request<v1::StreamUpdatesRequest>,
    ) -> Result<Response<Self::StreamUpdatesStream>, Status> {
        let context = Context::of(&request)?;
        let stream = stream_updates::open(self, &context, request.get_ref())?;
        Ok(Response::new(Box::pin(stream.into_stream())))
    }
}
