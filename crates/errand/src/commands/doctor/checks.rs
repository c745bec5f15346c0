//! The things that are looked at.

use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt as _};

use domain::AppId;
use secrecy::ExposeSecret as _;
use service_kit::SidecarClient;
use store::Store;
use tokio::net::TcpListener;

use super::{Finding, State};
use crate::{
    cli::InFolder,
    commands::database,
    data_folder::{DataFolder, DataFolderError},
    settings::Settings,
    topology,
};

/// The permission bits of group and others.
const NOT_OWNER: u32 = 0o077;

/// Everything there is to look at.
pub(super) async fn all(
    folder: &DataFolder,
    options: &InFolder,
    settings: &Settings,
) -> Vec<Finding> {
    let is_distributed = settings.kit.database.url.is_some();
    let mut findings = Vec::new();
    if is_distributed {
        findings.push(finding("secret", secret(settings)));
        findings.push(finding("sidecar", sidecar(settings).await));
    } else {
        let held = held(folder);
        let is_held = matches!(&held, State::Good(how) if how.starts_with("in use"));
        findings.push(finding("data folder", held));
        findings.push(finding("permissions", permissions(folder)));
        findings.push(finding("ports", ports(is_held).await));
    }
    findings.push(finding("schema", schema(options, settings).await));
    match database::open(options, settings).await {
        Ok(store) => {
            findings.push(finding("database", State::Good("answers".into())));
            findings.push(finding("outbox", outbox(&store).await));
            findings.push(finding("dead letters", dead_letters(&store).await));
            store.close().await;
        }
        Err(error) => findings.push(finding(
            "database",
            State::Broken(
                format!("{error:#}"),
                "Mend what the line above says; data is not touched meanwhile.".into(),
            ),
        )),
    }
    findings
}

fn finding(what: &'static str, state: State) -> Finding {
    Finding { what, state }
}

fn held(folder: &DataFolder) -> State {
    if !folder.path().exists() {
        return State::Attention(
            format!("{} is not there yet", folder.path().display()),
            "`errand up` makes it.".into(),
        );
    }
    match folder.hold() {
        Ok(_) => State::Good(format!("{} is free", folder.path().display())),
        Err(DataFolderError::Held { holder, .. }) => State::Good(format!("in use by {holder}")),
        Err(error) => State::Broken(
            format!("{:#}", anyhow::Error::from(error)),
            "Give the folder to the user who runs Errand, or name another with --data-dir.".into(),
        ),
    }
}

fn permissions(folder: &DataFolder) -> State {
    let open: Vec<String> = [folder.path().to_path_buf(), folder.path().join("secret")]
        .into_iter()
        .filter(|path| {
            fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & NOT_OWNER != 0)
        })
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        return State::Good("only the owner can read the data".into());
    }
    State::Attention(
        format!("others can read {}", open.join(" and ")),
        format!("chmod -R go-rwx {}", folder.path().display()),
    )
}

async fn ports(is_held: bool) -> State {
    if is_held {
        return State::Good("in use by the process that runs".into());
    }
    for app in AppId::ALL {
        let address = SocketAddr::from((
            [127, 0, 0, 1],
            topology::PORT_BASE + topology::port_offset(app),
        ));
        if let Err(error) = TcpListener::bind(address).await {
            return State::Attention(
                format!("{address}, which {app} wants, cannot be had: {error}"),
                "Stop what is there, or choose other ports: errand up --port-base 9000.".into(),
            );
        }
    }
    State::Good("8000 to 8004 are free".into())
}

fn secret(settings: &Settings) -> State {
    let secrets = &settings.kit.secrets;
    if secrets.current.is_some() {
        State::Good("ERRAND_SECRET is set".into())
    } else if let Some(store) = &secrets.store {
        State::Good(format!("comes from the Dapr secret store {store}"))
    } else {
        State::Broken(
            "ERRAND_SECRET is not set".into(),
            "Set it to 32 random bytes or more, the same for all services: openssl rand -hex 32."
                .into(),
        )
    }
}

async fn sidecar(settings: &Settings) -> State {
    let config = &settings.kit.sidecar;
    let answer = match SidecarClient::new(config) {
        Ok(client) => client.metadata().await,
        Err(error) => Err(error),
    };
    match answer {
        Ok(metadata) => State::Good(format!(
            "{} answers, with {} subscriptions",
            metadata.id,
            metadata.subscriptions.len()
        )),
        Err(error) => State::Broken(
            format!("{:#}", anyhow::Error::from(error)),
            format!(
                "Start the sidecar, or say where it is: DAPR_GRPC_PORT (now {}) and DAPR_API_TOKEN.",
                config.grpc_port
            ),
        ),
    }
}

async fn schema(options: &InFolder, settings: &Settings) -> State {
    let database = &settings.kit.database;
    let url = match database.direct_url.as_ref().or(database.url.as_ref()) {
        Some(url) => url.expose_secret().to_owned(),
        None => match database::place(options, settings) {
            Ok(place) => place.url.expose().to_owned(),
            Err(error) => {
                return State::Attention(format!("{error:#}"), "`errand up` makes it.".into());
            }
        },
    };
    match migrations::status(&url).await {
        Ok(status) if !status.unknown.is_empty() => State::Broken(
            format!("a newer version was here: {}", status.unknown.join(", ")),
            "Use that version or a later one; an older one would damage the data.".into(),
        ),
        Ok(status) if !status.pending.is_empty() => State::Broken(
            format!("not up to date: {} to do", status.pending.join(", ")),
            if database.url.is_some() {
                "errand migrate".into()
            } else {
                "`errand up` does it when it starts.".into()
            },
        ),
        Ok(_) => State::Good("that of this version".into()),
        Err(error) => State::Broken(
            format!("{:#}", anyhow::Error::from(error)),
            "See that the database runs and that its address and password are right.".into(),
        ),
    }
}

async fn outbox(store: &Store) -> State {
    let depth = async {
        let read = store.read().await?;
        let mut sum = (0_i64, 0_i64);
        for app in AppId::ALL {
            let depth = read.outbox_depth(app).await?;
            sum = (sum.0 + depth.waiting, sum.1 + depth.parked);
        }
        Ok::<_, store::StoreError>(sum)
    };
    match depth.await {
        Ok((waiting, 0)) => State::Good(format!("{waiting} events wait, none is parked")),
        Ok((_, parked)) => State::Attention(
            format!("{parked} events cannot be published"),
            "errand outbox list says why; then errand outbox retry or drop.".into(),
        ),
        Err(error) => unreadable(error),
    }
}

async fn dead_letters(store: &Store) -> State {
    let letters = async { store.read().await?.dead_letter_list(None, None, 1000).await };
    match letters.await {
        Ok(letters) if letters.is_empty() => State::Good("none".into()),
        Ok(letters) => State::Attention(
            format!("{} events could not be handled", letters.len()),
            "errand dlq list says why; then errand dlq replay or drop.".into(),
        ),
        Err(error) => unreadable(error),
    }
}

fn unreadable(error: store::StoreError) -> State {
    State::Broken(
        format!("{:#}", anyhow::Error::from(error)),
        "See the database above.".into(),
    )
}
