//! What a sidecar tells of itself, in the words of Dapr's API: the answer of
//! [`SidecarClient::metadata`](super::SidecarClient::metadata).

pub use dapr::dapr::proto::runtime::v1::{
    AppConnectionHealthProperties, AppConnectionProperties, GetMetadataResponse,
    PubsubSubscription, RegisteredComponents,
};
