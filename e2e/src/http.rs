//! What services and sidecars tell over HTTP.

use std::{io, net::SocketAddr, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);

/// The status and the body of a page. By version 1.0, in which a body simply ends.
pub async fn http_get(address: SocketAddr, path: &str) -> io::Result<(u16, String)> {
    let answer = timeout(ANSWER, async {
        let mut connection = TcpStream::connect(address).await?;
        let request = format!("GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n");
        connection.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await?;
        Ok::<_, io::Error>(answer)
    });
    let answer = answer.await??;
    let parts = answer.split_once("\r\n\r\n").and_then(|(head, body)| {
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some((status, body.to_owned()))
    });
    parts.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, answer))
}
