//! The one thing that the suite asks of Kafka itself: topics are made before anybody uses them.

use anyhow::{Context as _, Result, ensure};
use bytes::{Buf as _, BufMut as _};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// Makes a topic on the broker, by version 2 of the request `CreateTopics`
/// (<https://kafka.apache.org/protocol#The_Messages_CreateTopics>): a client library would be many
/// times larger, and Kafka's own command takes seconds a topic.
pub async fn create_topic(broker: &str, name: &str, partitions: u32) -> Result<()> {
    const CREATE_TOPICS: i16 = 19;
    const VERSION: i16 = 2;
    const TIMEOUT_MS: i32 = 30_000;

    let mut request = Vec::new();
    request.put_i16(CREATE_TOPICS);
    request.put_i16(VERSION);
    // One request a connection, so any number tells its answer.
    request.put_i32(0);
    put_text(&mut request, "conformance")?;
    request.put_i32(1);
    put_text(&mut request, name)?;
    request.put_i32(i32::try_from(partitions)?);
    // Replicas; then neither assignments nor configuration of its own.
    request.put_i16(1);
    request.put_i32(0);
    request.put_i32(0);
    request.put_i32(TIMEOUT_MS);
    // Not only validated.
    request.put_u8(0);

    let mut connection = TcpStream::connect(broker)
        .await
        .with_context(|| format!("the broker at {broker}"))?;
    connection.write_i32(i32::try_from(request.len())?).await?;
    connection.write_all(&request).await?;
    let mut answer = vec![0; usize::try_from(connection.read_i32().await?)?];
    connection.read_exact(&mut answer).await?;

    let mut answer = answer.as_slice();
    // Its number, the time for which the broker throttles, how many topics.
    answer.advance(4 + 4 + 4);
    let name_length = usize::try_from(answer.get_i16())?;
    answer.advance(name_length);
    let error = answer.get_i16();
    ensure!(
        error == 0,
        "Kafka does not make the topic {name}: error {error}"
    );
    Ok(())
}

fn put_text(request: &mut Vec<u8>, text: &str) -> Result<()> {
    request.put_i16(i16::try_from(text.len())?);
    request.put_slice(text.as_bytes());
    Ok(())
}
