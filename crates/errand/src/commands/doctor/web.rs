//! The web app: the one that runs on the data folder, or the one that is configured.

use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::TcpStream;

use super::State;
use crate::{
    commands::readable,
    data_folder::Holder,
    web::{self, WebFolder, WebSettings},
};

/// How the web app is; nothing, where none is wanted.
pub(super) async fn web(settings: &WebSettings, holder: Option<&Holder>) -> Option<State> {
    if let Some(holder) = holder {
        let held = holder.web.as_ref()?;
        return Some(running(&held.url, held.address, holder.pid).await);
    }
    let folder = settings.folder.as_ref()?;
    if let Err(error) = WebFolder::open(folder) {
        return Some(State::Broken(
            readable::error(&error),
            "Until then `errand up` refuses to start.".into(),
        ));
    }
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, settings.port));
    Some(match TcpStream::connect(address).await {
        Ok(_) => State::Attention(
            format!("{address}, which it wants, is in use by another program"),
            "Stop what is there, or choose another port: errand up --web-port 3100.".into(),
        ),
        Err(_) => State::Good(format!(
            "{} is built, and {address} is free",
            folder.display()
        )),
    })
}

async fn running(url: &str, address: SocketAddr, pid: u32) -> State {
    match web::health(web::reached_at(address)).await {
        Ok(()) => State::Good(format!("{url} answers, at {address}")),
        Err(error) => State::Attention(
            format!(
                "process {pid} runs it at {address}, but {}",
                readable::error(&error)
            ),
            "It is started again when it ends; the lines of `web` in the log of that process say why."
                .into(),
        ),
    }
}
