//! What only time shows: a sidecar closes a connection that nobody uses.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use conformance::{HealthSpec, SidecarSpec, Target as _};
use dapr::dapr::proto::runtime::v1::{GetMetadataRequest, dapr_client::DaprClient};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tonic::transport::Endpoint;

use crate::{daprd::Real, ports};

/// How long a connection without calls may stay open.
const BOUND: Duration = Duration::from_mins(5);

/// Keep-alive does not count as use. The next call finds the connection gone, and makes another
/// without its caller noticing.
pub async fn a_connection_that_was_idle_is_made_anew(target: Arc<Real>) -> Result<()> {
    let sidecar = target.start(alone()?).await?;
    let door = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = door.local_addr()?;
    let (ended, _) = watch::channel(0);
    let calls = async {
        let channel = Endpoint::from_shared(format!("http://{address}"))?
            .http2_keep_alive_interval(Duration::from_secs(30))
            .keep_alive_timeout(Duration::from_secs(5))
            .keep_alive_while_idle(true)
            .connect_lazy();
        let mut client = DaprClient::new(channel);
        client.get_metadata(GetMetadataRequest {}).await?;
        let idle = Instant::now();
        let mut connections = ended.subscribe();
        let closed = connections.wait_for(|count| *count == 1);
        let closed = tokio::time::timeout(BOUND, closed).await;
        closed.context("the connection stays open")??;
        ensure!(
            idle.elapsed() > Duration::from_mins(2),
            "it was closed after {:?}",
            idle.elapsed()
        );
        client.get_metadata(GetMetadataRequest {}).await?;
        anyhow::Ok(())
    };
    tokio::select! {
        outcome = calls => outcome,
        broken = pass_on(&door, sidecar.address(), &ended) => match broken? {},
    }
}

/// Passes one connection after the other on to the sidecar, and counts those that have ended.
async fn pass_on(
    door: &TcpListener,
    sidecar: SocketAddr,
    ended: &watch::Sender<u32>,
) -> Result<Infallible> {
    loop {
        let (mut caller, _) = door.accept().await?;
        let mut target = TcpStream::connect(sidecar).await?;
        // However it ends, it has ended.
        let _bytes = tokio::io::copy_bidirectional(&mut caller, &mut target).await;
        ended.send_modify(|count| *count += 1);
    }
}

/// A sidecar without components whose app never comes: its API answers all the same.
fn alone() -> Result<SidecarSpec> {
    Ok(SidecarSpec {
        app_id: "alone".to_owned(),
        app_address: Some((Ipv4Addr::LOCALHOST, ports::free()?).into()),
        api_token: None,
        app_api_token: None,
        pubsub: Vec::new(),
        state: Vec::new(),
        bindings: Vec::new(),
        secrets: Vec::new(),
        health: HealthSpec {
            interval: Duration::from_secs(1),
            timeout: Duration::from_millis(900),
            threshold: 60,
        },
    })
}
