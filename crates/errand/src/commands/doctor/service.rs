//! What a service by itself needs beside its database.

use std::collections::BTreeSet;

use domain::AppId;
use service_kit::SidecarClient;

use super::State;
use crate::{commands::readable, settings::Settings, topology};

/// Whether there is a secret, or a place to ask for it.
pub(super) fn secret(settings: &Settings) -> State {
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

/// Whether the sidecar answers, and has all the subscriptions of its app.
pub(super) async fn sidecar(settings: &Settings) -> State {
    let config = &settings.kit.sidecar;
    let answer = match SidecarClient::new(config) {
        Ok(client) => client.metadata().await,
        Err(error) => Err(error),
    };
    let metadata = match answer {
        Ok(metadata) => metadata,
        Err(error) => {
            return State::Broken(
                readable::error(&error),
                format!(
                    "Start the sidecar, or say where it is: DAPR_GRPC_PORT (now {}) and DAPR_API_TOKEN.",
                    config.grpc_port
                ),
            );
        }
    };
    let Ok(app) = metadata.id.parse::<AppId>() else {
        return State::Attention(
            format!(
                "it is that of {}, which is no service of Errand",
                metadata.id
            ),
            "Say where the service's own is: DAPR_GRPC_PORT.".into(),
        );
    };
    let topics = metadata.subscriptions.into_iter();
    let subscribed: BTreeSet<String> = topics.map(|subscription| subscription.topic).collect();
    let missing: Vec<String> = topology::takes(app)
        .into_iter()
        .chain(topology::fans_out(app))
        .filter(|topic| !subscribed.contains(topic))
        .collect();
    if missing.is_empty() {
        return State::Good(format!("that of {app} answers, with all its subscriptions"));
    }
    State::Attention(
        format!("that of {app} is not subscribed to {}", missing.join(", ")),
        "See that the service runs; it has the sidecar start again where a subscription stays away."
            .into(),
    )
}
