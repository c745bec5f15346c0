//! A service by itself: what it needs beside its database, and whether it is ready.

use std::time::Duration;

use domain::AppId;
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use service_kit::{SECRET_MINIMUM, SidecarClient, find_secret};

use super::State;
use crate::{commands::readable, settings::Settings};

/// How long the service may take to say whether it is ready. It gives its database two seconds.
const PATIENCE: Duration = Duration::from_secs(5);

/// The largest answer that is read, in bytes.
const LARGEST: usize = 64 << 10;

/// What to do about a secret that the secret store does not give.
pub(super) const MEND_SECRET: &str = "See that the secret store has it, under the name ERRAND_SECRETS_NAME if that is set, and that \
     the secrets scopes of the sidecar's configuration allow it to this service.";

/// What a service says of itself.
#[derive(Debug, Deserialize)]
struct Report {
    ready: bool,
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    name: String,
    problem: Option<String>,
}

/// Whether there is a secret, given or in the secret store.
pub(super) async fn secret(settings: &Settings) -> State {
    let secrets = &settings.kit.secrets;
    if secrets.current.is_some() {
        return State::Good("ERRAND_SECRET is set".into());
    }
    let Some(store) = &secrets.store else {
        return State::Broken(
            "ERRAND_SECRET is not set".into(),
            "Set it to 32 random bytes or more, the same for all services: openssl rand -hex 32."
                .into(),
        );
    };
    let found = match SidecarClient::new(&settings.kit.sidecar) {
        Ok(sidecar) => find_secret("ERRAND_SECRET", None, secrets, &sidecar).await,
        Err(error) => return State::Broken(readable::error(&error), "See DAPR_API_TOKEN.".into()),
    };
    match found {
        Ok(secret) if secret.expose_secret().len() < SECRET_MINIMUM => State::Broken(
            format!("ERRAND_SECRET in {store} has less than {SECRET_MINIMUM} bytes"),
            "Put 32 random bytes or more there: openssl rand -hex 32.".into(),
        ),
        Ok(_) => State::Good(format!("ERRAND_SECRET comes from the secret store {store}")),
        Err(error) => State::Broken(readable::error(&error), MEND_SECRET.into()),
    }
}

/// Whether service and sidecar prove to each other who they are.
pub(super) fn tokens(settings: &Settings) -> State {
    let sidecar = &settings.kit.sidecar;
    if sidecar.app_api_token.is_none() {
        return State::Broken(
            "APP_API_TOKEN is not set, so that the service refuses every delivery".into(),
            "Give it and its sidecar the same one, long and random.".into(),
        );
    }
    if sidecar.api_token.is_none() {
        // It has answered without one.
        return State::Attention(
            "the sidecar demands none: whoever reaches its port may publish and read".into(),
            "Give it and its service the same DAPR_API_TOKEN, long and random.".into(),
        );
    }
    State::Good("DAPR_API_TOKEN and APP_API_TOKEN are set".into())
}

/// Whether the service answers where its sidecar looks for it, and is ready.
pub(super) async fn ready(app: AppId, address: &str) -> State {
    match ask(address).await {
        Ok((StatusCode::OK, Some(report))) if report.ready => {
            State::Good(format!("{app} at {address} is ready"))
        }
        Ok((_, Some(report))) => {
            let problems = report.parts.into_iter().filter_map(|part| {
                let problem = part.problem?;
                Some(readable::line(&format!("{}: {problem}", part.name)))
            });
            let problems = problems.collect::<Vec<_>>().join("; ");
            State::Attention(
                format!("{app} at {address} is not ready: {problems}"),
                "It gets ready by itself once that is mended; its log says more.".into(),
            )
        }
        Ok((_, None)) => State::Broken(
            format!("what answers at {address} is not {app}"),
            "Start the service where its sidecar looks for it, or the sidecar with its port: \
             --app-port, ERRAND_SERVER_PORT."
                .into(),
        ),
        Err(error) => State::Broken(
            format!(
                "{app} does not answer at {address}: {}",
                readable::error(&error.without_url())
            ),
            format!("Start it: errand {app}. If it ended, its log says why."),
        ),
    }
}

async fn ask(address: &str) -> Result<(StatusCode, Option<Report>), reqwest::Error> {
    service_kit::auth::install_cryptography();
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .build()?;
    let response = client.get(format!("http://{address}/ready")).send().await?;
    let status = response.status();
    let body = read(response).await?;
    Ok((status, serde_json::from_slice(&body).ok()))
}

async fn read(mut response: Response) -> Result<Vec<u8>, reqwest::Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        body.extend_from_slice(&chunk);
        if LARGEST < body.len() {
            break;
        }
    }
    Ok(body)
}
