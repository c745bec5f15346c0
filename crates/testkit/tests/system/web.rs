//! Calls over HTTP/1.1, as a browser without TLS makes them: gRPC-web and plain requests.

use bytes::Bytes;
use domain::AppId;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use testkit::System;
use tokio::net::TcpStream;

/// gRPC's framing: a flag, which is 128 before trailers, and the length.
const FRAME_HEADER: usize = 5;
const TRAILERS: u8 = 128;

/// What came back from a unary call.
#[derive(Debug)]
pub struct Answer {
    /// Headers and trailers.
    pub headers: HeaderMap,
}

impl Answer {
    /// The status code, as a number.
    pub fn status(&self) -> &str {
        self.header("grpc-status")
    }

    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.map_or("", |value| value.to_str().unwrap())
    }
}

/// Calls a unary method. A browser cannot read HTTP trailers: they are the last frame of the body,
/// or headers where there is nothing else.
pub async fn call(
    system: &System,
    app: AppId,
    method: &str,
    token: Option<&str>,
    message: &[u8],
) -> Answer {
    let response = post(system, app, method, token, message).await;
    let mut headers = response.headers().clone();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut rest = &body[..];
    while !rest.is_empty() {
        let is_trailers = rest[0] == TRAILERS;
        let (frame, following) = split(rest).unwrap();
        rest = following;
        if is_trailers {
            let lines = str::from_utf8(frame).unwrap().lines();
            for (name, value) in lines.filter_map(|line| line.split_once(':')) {
                let name: http::HeaderName = name.parse().unwrap();
                headers.insert(name, value.trim().parse().unwrap());
            }
        }
    }
    Answer { headers }
}

/// Calls a method, and gives the answer as it begins.
pub async fn post(
    system: &System,
    app: AppId,
    method: &str,
    token: Option<&str>,
    message: &[u8],
) -> Response<Incoming> {
    let mut request = Request::builder()
        .method(Method::POST)
        .uri(format!("/{method}"))
        .header("host", "localhost")
        .header("content-type", "application/grpc-web+proto")
        .header("x-grpc-web", "1");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    let body = [&[0][..], &length, message].concat();
    send(system, app, request.body(Full::from(body)).unwrap()).await
}

/// The status and the body of a plain request's answer.
pub async fn get(system: &System, app: AppId, path: &str) -> (StatusCode, String) {
    let request = Request::builder().uri(path).header("host", "localhost");
    let response = send(system, app, request.body(Full::default()).unwrap()).await;
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The first frame and what follows it; None while it is not whole.
pub fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (header, rest) = bytes.split_at_checked(FRAME_HEADER)?;
    let length = u32::from_be_bytes(header[1..].try_into().unwrap());
    rest.split_at_checked(usize::try_from(length).unwrap())
}

async fn send(system: &System, app: AppId, request: Request<Full<Bytes>>) -> Response<Incoming> {
    let stream = TcpStream::connect(system.address(app, 0)).await.unwrap();
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .unwrap();
    let lifecycle = service_kit::Lifecycle::new();
    lifecycle.spawn_short(async move {
        // It ends when the answer has been read, or is not wanted any more.
        let _ = connection.await;
    });
    sender.send_request(request).await.unwrap()
}
