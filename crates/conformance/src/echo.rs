//! A gRPC service of every kind of call, to be invoked through sidecars. Its messages are texts
//! (`google.protobuf.StringValue`), so it needs no protobuf file.

use std::{
    convert::Infallible,
    future::{Ready, ready},
    pin::Pin,
    task::{Context, Poll},
};

use anyhow::Result;
use futures::{Stream, StreamExt as _, future::BoxFuture, stream};
use http::uri::PathAndQuery;
use tonic::{
    Code, Request, Response, Status, Streaming,
    body::Body,
    client,
    metadata::MetadataValue,
    server::{self, NamedService},
    transport::Channel,
};
use tonic_prost::ProstCodec;
use tower::{Service, service_fn};

use crate::app::readable;

type Texts = Pin<Box<dyn Stream<Item = Result<String, Status>> + Send>>;

/// The service. `Unary` answers the text, `Metadata` the metadata it was called with as JSON,
/// `Repeat` the text three times, `Join` all texts as one, `Chat` each text as it comes, `Large`
/// as many bytes as the text says, `Fail` an error with details and metadata.
#[derive(Clone, Copy)]
pub(crate) struct EchoServer;

impl NamedService for EchoServer {
    const NAME: &'static str = "conformance.Echo";
}

impl Service<http::Request<Body>> for EchoServer {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let method = request
            .uri()
            .path()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        Box::pin(async move {
            let mut grpc = server::Grpc::new(ProstCodec::<String, String>::default())
                .max_encoding_message_size(usize::MAX)
                .max_decoding_message_size(usize::MAX);
            Ok(match method.as_str() {
                "Unary" => grpc.unary(service_fn(unary), request).await,
                "Metadata" => grpc.unary(service_fn(metadata), request).await,
                "Large" => grpc.unary(service_fn(large), request).await,
                "Fail" => grpc.unary(service_fn(fail), request).await,
                "Repeat" => grpc.server_streaming(service_fn(repeat), request).await,
                "Join" => grpc.client_streaming(service_fn(join), request).await,
                "Chat" => grpc.streaming(service_fn(chat), request).await,
                other => Status::unimplemented(format!("no method {other}")).into_http(),
            })
        })
    }
}

fn unary(request: Request<String>) -> Ready<Result<Response<String>, Status>> {
    ready(Ok(Response::new(request.into_inner())))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "the shape of a service function"
)]
fn metadata(request: Request<String>) -> Ready<Result<Response<String>, Status>> {
    let seen = serde_json::to_string(&readable(request.metadata()));
    let mut response = seen
        .map(Response::new)
        .map_err(|error| Status::internal(error.to_string()));
    if let Ok(response) = &mut response {
        response
            .metadata_mut()
            .insert("echo-header", MetadataValue::from_static("from the callee"));
    }
    ready(response)
}

fn large(request: Request<String>) -> Ready<Result<Response<String>, Status>> {
    let bytes = request
        .into_inner()
        .parse()
        .map(|bytes| Response::new("x".repeat(bytes)));
    ready(bytes.map_err(|_| Status::invalid_argument("not a number")))
}

fn fail(request: Request<String>) -> Ready<Result<Response<String>, Status>> {
    let mut status = Status::with_details(
        Code::FailedPrecondition,
        request.into_inner(),
        bytes_of("details of the error"),
    );
    status
        .metadata_mut()
        .insert("echo-trailer", MetadataValue::from_static("of the error"));
    ready(Err(status))
}

fn repeat(request: Request<String>) -> Ready<Result<Response<Texts>, Status>> {
    let texts = vec![request.into_inner(); 3];
    ready(Ok(Response::new(Box::pin(stream::iter(
        texts.into_iter().map(Ok),
    )))))
}

async fn join(request: Request<Streaming<String>>) -> Result<Response<String>, Status> {
    let mut texts = request.into_inner();
    let mut joined = String::new();
    while let Some(text) = texts.message().await? {
        joined.push_str(&text);
    }
    Ok(Response::new(joined))
}

fn chat(request: Request<Streaming<String>>) -> Ready<Result<Response<Texts>, Status>> {
    let answers = request
        .into_inner()
        .map(|text| text.map(|text| format!("re: {text}")));
    ready(Ok(Response::new(Box::pin(answers))))
}

fn bytes_of(text: &'static str) -> tonic::codegen::Bytes {
    tonic::codegen::Bytes::from_static(text.as_bytes())
}

/// Calls the service through a sidecar.
pub(crate) struct EchoClient {
    grpc: client::Grpc<Channel>,
    callee: String,
}

impl EchoClient {
    /// A client of `callee` over a channel to the caller's sidecar.
    pub(crate) fn new(channel: Channel, callee: &str) -> Self {
        let grpc = client::Grpc::new(channel)
            .max_decoding_message_size(usize::MAX)
            .max_encoding_message_size(usize::MAX);
        Self {
            grpc,
            callee: callee.to_owned(),
        }
    }

    /// A request to the callee.
    pub(crate) fn request<T>(&self, message: T) -> Result<Request<T>> {
        let mut request = Request::new(message);
        request
            .metadata_mut()
            .insert("dapr-app-id", self.callee.parse()?);
        Ok(request)
    }

    pub(crate) async fn unary(
        &mut self,
        method: &'static str,
        request: Request<String>,
    ) -> Result<Result<Response<String>, Status>> {
        self.grpc.ready().await?;
        Ok(self
            .grpc
            .unary(request, path(method), ProstCodec::default())
            .await)
    }

    pub(crate) async fn repeat(
        &mut self,
        request: Request<String>,
    ) -> Result<Result<Response<Streaming<String>>, Status>> {
        self.grpc.ready().await?;
        Ok(self
            .grpc
            .server_streaming(request, path("Repeat"), ProstCodec::default())
            .await)
    }

    pub(crate) async fn join(
        &mut self,
        request: Request<impl Stream<Item = String> + Send + 'static>,
    ) -> Result<Result<Response<String>, Status>> {
        self.grpc.ready().await?;
        Ok(self
            .grpc
            .client_streaming(request, path("Join"), ProstCodec::default())
            .await)
    }

    pub(crate) async fn chat(
        &mut self,
        request: Request<impl Stream<Item = String> + Send + 'static>,
    ) -> Result<Result<Response<Streaming<String>>, Status>> {
        self.grpc.ready().await?;
        Ok(self
            .grpc
            .streaming(request, path("Chat"), ProstCodec::default())
            .await)
    }
}

fn path(method: &'static str) -> PathAndQuery {
    let path = match method {
        "Unary" => "/conformance.Echo/Unary",
        "Metadata" => "/conformance.Echo/Metadata",
        "Large" => "/conformance.Echo/Large",
        "Fail" => "/conformance.Echo/Fail",
        "Repeat" => "/conformance.Echo/Repeat",
        "Join" => "/conformance.Echo/Join",
        "Chat" => "/conformance.Echo/Chat",
        _ => "/conformance.Echo/Unknown",
    };
    PathAndQuery::from_static(path)
}
