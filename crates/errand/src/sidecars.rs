//! The embedded engine and its sidecars, as the topology says.

use std::{net::SocketAddr, path::Path};

use domain::AppId;
use realtime_service::config::RealtimeConfig;
use secrecy::SecretString;
use sidecar::{
    ConsumerGroup, CronBinding, EngineConfig, PubSubComponent, SidecarConfig, StateComponent,
    TopicConfig,
};

use crate::topology::{self, PUBSUB, PUBSUB_FAN_OUT, STATE_STORE};

/// The tokens between services and sidecars, made anew at each start.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// What services send to sidecars.
    pub api: SecretString,
    /// What sidecars send to services.
    pub app_api: SecretString,
}

/// The engine with all topics there are.
pub fn engine(folder: &Path, realtime: &RealtimeConfig) -> EngineConfig {
    let topics = topology::topics(realtime)
        .into_iter()
        .map(|plan| TopicConfig {
            name: plan.name,
            partitions: plan.partitions,
            retention: plan.retention,
        });
    EngineConfig {
        topics: topics.collect(),
        ..EngineConfig::new(folder)
    }
}

/// The sidecar of a service that answers at `app_address`, on a free port of loopback.
pub fn sidecar(app: AppId, app_address: SocketAddr, tokens: &Tokens) -> SidecarConfig {
    let cron = topology::cron(app).map(|plan| CronBinding {
        name: plan.name.to_owned(),
        schedule: plan.schedule.to_owned(),
        direction_input: true,
    });
    let shared = PubSubComponent {
        publish_topics: Some(topology::publishes(app)),
        subscribe_topics: Some(topology::takes(app)),
        ..PubSubComponent::new(PUBSUB, ConsumerGroup::AppId)
    };
    let taken_by_all = topology::fans_out(app);
    let fan_out = (!taken_by_all.is_empty()).then(|| PubSubComponent {
        // Its own canary comes back this way, too.
        publish_topics: Some(topology::publishes(app)),
        subscribe_topics: Some(
            taken_by_all
                .into_iter()
                .chain(topology::takes(app))
                .collect(),
        ),
        ..PubSubComponent::new(PUBSUB_FAN_OUT, ConsumerGroup::UniquePerStart)
    });
    SidecarConfig {
        api_token: Some(tokens.api.clone()),
        app_api_token: Some(tokens.app_api.clone()),
        pubsub: [Some(shared), fan_out].into_iter().flatten().collect(),
        state: vec![StateComponent {
            name: STATE_STORE.to_owned(),
            key_prefix: app.to_string(),
        }],
        bindings: cron.into_iter().collect(),
        ..SidecarConfig::new(app.as_str(), app_address)
    }
}

/// The sidecar of an app that only calls services, on a free port of loopback. Its token is its own:
/// with it nobody gets at the sidecars of the services.
pub fn caller(app_id: &str, api_token: &SecretString) -> SidecarConfig {
    SidecarConfig {
        api_token: Some(api_token.clone()),
        ..SidecarConfig::without_app(app_id)
    }
}
