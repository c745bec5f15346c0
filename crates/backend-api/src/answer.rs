//! From a use case's outcome to an RPC's.

use service_kit::ApiError;
use tonic::{Response, Status};

/// The response, or the status that says why not.
pub(crate) fn answer<T>(outcome: Result<T, ApiError>) -> Result<Response<T>, Status> {
    outcome.map(Response::new).map_err(Status::from)
}
