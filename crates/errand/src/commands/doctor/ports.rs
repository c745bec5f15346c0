//! The five ports of an installation. They are knocked at, not taken: an `errand up` that starts in
//! the same moment gets them.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use domain::AppId;
use tokio::{net::TcpStream, time::timeout};

use super::State;
use crate::{data_folder::Holder, topology};

/// How long a port of this machine may take to answer. One that takes longer is not free.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether the ports from `base` on are free, or those of the process that works on the data folder.
/// Without a base they are that process's, or else those that `errand up` takes by itself.
pub(super) async fn ports(base: Option<u16>, holder: Option<&Holder>) -> State {
    let held: Option<SocketAddr> = holder.and_then(|holder| holder.address.parse().ok());
    let host = held.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |held| held.ip());
    let base = base
        .or(held.map(|held| held.port()))
        .unwrap_or(topology::PORT_BASE);
    let is_held = held.is_some_and(|held| held.port() == base);
    let last = base + topology::port_offset(AppId::RealtimeService);
    for app in AppId::ALL {
        let address = SocketAddr::new(host, base + topology::port_offset(app));
        match (is_in_use(address).await, is_held, holder) {
            (Ok(true), true, _) | (Ok(false), false, _) => {}
            (Ok(false), _, Some(holder)) => {
                return State::Attention(
                    format!(
                        "nobody answers for {app} at {address}, though process {} works on the data",
                        holder.pid
                    ),
                    "It may be starting or ending: look again in a moment, then see its log."
                        .into(),
                );
            }
            (Err(error), ..) => {
                return State::Attention(
                    format!("whether {address} is free cannot be told: {error}"),
                    "See the network of this machine.".into(),
                );
            }
            (Ok(_), ..) => {
                return State::Attention(
                    format!("{address}, which {app} wants, is in use by another program"),
                    "Stop what is there, or choose other ports: errand up --port-base 9000.".into(),
                );
            }
        }
    }
    match holder {
        Some(holder) if is_held => State::Good(format!(
            "{base} to {last} are in use by process {}, which works on this data folder",
            holder.pid
        )),
        _ => State::Good(format!("{base} to {last} are free")),
    }
}

async fn is_in_use(address: SocketAddr) -> io::Result<bool> {
    match timeout(PATIENCE, TcpStream::connect(address)).await {
        Ok(Ok(_)) | Err(_) => Ok(true),
        Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(false),
        Ok(Err(error)) => Err(error),
    }
}
