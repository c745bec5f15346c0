//! The sidecar of a service: whether it answers, and whether it is set up for that service.
//!
//! All of it is what `GetMetadata` tells. It tells nothing of the broker's topics.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use domain::AppId;
use service_kit::{
    SidecarClient,
    metadata::{AppConnectionProperties, GetMetadataResponse},
};

use super::State;
use crate::{commands::readable, settings::Settings, topology};

/// How long a service may be gone before its sidecar takes notice: longer than any restart.
const NOTICE: Duration = Duration::from_mins(1);

/// A sidecar that answers, and is that of a service.
#[derive(Debug)]
pub(super) struct Seen {
    app: AppId,
    metadata: GetMetadataResponse,
}

/// Asks the sidecar what it knows of itself.
pub(super) async fn look(settings: &Settings) -> Result<Seen, State> {
    let config = &settings.kit.sidecar;
    let answer = match SidecarClient::new(config) {
        Ok(client) => client.metadata().await,
        Err(error) => Err(error),
    };
    let metadata = answer.map_err(|error| {
        State::Broken(
            readable::error(&error),
            format!(
                "Start the sidecar, or say where it is: DAPR_GRPC_PORT (now {}) and DAPR_API_TOKEN.",
                config.grpc_port
            ),
        )
    })?;
    let mend = "Say where the service's own is: DAPR_GRPC_PORT.";
    let id = readable::line(&metadata.id);
    let Ok(app) = metadata.id.parse::<AppId>() else {
        let wrong = format!("it is that of {id}, which is no service of Errand");
        return Err(State::Attention(wrong, mend.into()));
    };
    match &settings.kit.process.service {
        Some(service) if *service != metadata.id => {
            let wrong = format!("it is that of {id}, and SERVICE is {service}");
            Err(State::Attention(wrong, mend.into()))
        }
        _ => Ok(Seen { app, metadata }),
    }
}

impl Seen {
    /// The service whose it is.
    pub(super) fn app(&self) -> AppId {
        self.app
    }

    /// That it answers.
    pub(super) fn answers(&self) -> State {
        let version = readable::line(&self.metadata.runtime_version);
        State::Good(format!("that of {} answers, version {version}", self.app))
    }

    /// Where it looks for its service, if it was told.
    pub(super) fn service_address(&self) -> Option<String> {
        let properties = self.metadata.app_connection_properties.as_ref()?;
        let port = u16::try_from(properties.port)
            .ok()
            .filter(|port| 0 < *port)?;
        let host = &properties.channel_address;
        Some(match host.parse::<IpAddr>() {
            Ok(host) => SocketAddr::new(host, port).to_string(),
            Err(_) => format!("{}:{port}", readable::line(host)),
        })
    }

    /// Whether it speaks with its service as that wants it, and does not give it up too soon.
    pub(super) fn channel(&self) -> State {
        let properties = self.metadata.app_connection_properties.as_ref();
        let (Some(properties), Some(address)) = (properties, self.service_address()) else {
            return State::Broken(
                "the sidecar does not know the port of its service".into(),
                "Start it with --app-port; in a cluster with the annotation dapr.io/app-port."
                    .into(),
            );
        };
        if properties.protocol != "grpc" {
            return State::Broken(
                format!(
                    "the sidecar speaks {} to its service, which speaks grpc",
                    readable::line(&properties.protocol)
                ),
                "Start it with --app-protocol grpc; in a cluster with dapr.io/app-protocol: grpc."
                    .into(),
            );
        }
        match notice(properties) {
            Some(notice) if notice < NOTICE => State::Attention(
                format!("the sidecar takes its service for gone after {notice:?}"),
                "Give it a minute, longer than any restart: --app-health-probe-interval 1 \
                 --app-health-threshold 60. One that sees its service go and come back can lose \
                 subscriptions for good."
                    .into(),
            ),
            _ => State::Good(format!("the sidecar speaks gRPC to {address}")),
        }
    }

    /// Whether it has the components that its service uses.
    pub(super) fn components(&self, settings: &Settings) -> State {
        let config = &settings.kit.sidecar;
        let fan_out = !topology::fans_out(self.app).is_empty();
        let expected = [
            Some((config.pubsub.as_str(), "pubsub.")),
            fan_out.then_some((config.fan_out_pubsub.as_str(), "pubsub.")),
            Some((config.state_store.as_str(), "state.")),
            topology::cron(self.app).map(|plan| (plan.name, "bindings.cron")),
            settings
                .kit
                .secrets
                .store
                .as_deref()
                .map(|name| (name, "secretstores.")),
        ];
        let registered = &self.metadata.registered_components;
        let missing: Vec<&str> = expected
            .into_iter()
            .flatten()
            .filter(|(name, kind)| {
                !registered
                    .iter()
                    .any(|found| found.name == *name && found.r#type.starts_with(kind))
            })
            .map(|(name, _)| name)
            .collect();
        if missing.is_empty() {
            return State::Good("the sidecar has all that its service uses".into());
        }
        State::Broken(
            format!("the sidecar has no {}", missing.join(", ")),
            format!(
                "See that it is given their files, that their scopes name {}, and what its log \
                 says of them.",
                self.app
            ),
        )
    }

    /// Whether it has all the subscriptions of its service.
    pub(super) fn subscriptions(&self, settings: &Settings) -> State {
        let config = &settings.kit.sidecar;
        let shared = topology::takes(self.app).into_iter();
        let taken_by_all = topology::fans_out(self.app);
        // What is alive is proven for each component by itself.
        let canary = (!taken_by_all.is_empty()).then(|| service_kit::canary_topic(self.app));
        let expected: BTreeSet<(&str, String)> = shared
            .map(|topic| (config.pubsub.as_str(), topic))
            .chain(
                taken_by_all
                    .into_iter()
                    .chain(canary)
                    .map(|topic| (config.fan_out_pubsub.as_str(), topic)),
            )
            .collect();
        let subscribed = &self.metadata.subscriptions;
        let missing: Vec<String> = expected
            .iter()
            .filter(|(pubsub, topic)| {
                !subscribed
                    .iter()
                    .any(|found| found.pubsub_name == *pubsub && found.topic == *topic)
            })
            .map(|(pubsub, topic)| format!("{topic} on {pubsub}"))
            .collect();
        if missing.is_empty() {
            return State::Good(format!("the sidecar has all {}", expected.len()));
        }
        State::Attention(
            format!("the sidecar is not subscribed to {}", missing.join(", ")),
            "See that the service runs; it has the sidecar start again where a subscription stays away."
                .into(),
        )
    }
}

/// How long the service may fail to answer until the sidecar takes it for gone; `None` if it does
/// not ask, or says it in a way that is not known here.
fn notice(properties: &AppConnectionProperties) -> Option<Duration> {
    let health = properties.health.as_ref()?;
    let interval = humantime::parse_duration(&health.health_probe_interval).ok()?;
    interval.checked_mul(u32::try_from(health.health_threshold).ok()?)
}

#[cfg(test)]
mod tests;
