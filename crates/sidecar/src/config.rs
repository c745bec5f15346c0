//! What one sidecar is: its app, its components, its tokens.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::PathBuf,
    time::Duration,
};

use secrecy::SecretString;

/// One app's sidecar.
#[derive(Debug)]
pub struct SidecarConfig {
    /// The app's id: the name it is invoked by, its consumer group, the prefix of its state keys.
    pub app_id: String,
    /// The app's gRPC port; none for an app that only calls others. It is asked nothing and delivered
    /// nothing, and cannot be called.
    pub app_address: Option<SocketAddr>,
    /// Where the Dapr gRPC API is served.
    pub listen: Listen,
    /// What callers of the API must send as `dapr-api-token`; none when absent.
    pub api_token: Option<SecretString>,
    /// What the sidecar sends to the app as `dapr-api-token`; none when absent.
    pub app_api_token: Option<SecretString>,
    /// The pub/sub components.
    pub pubsub: Vec<PubSubComponent>,
    /// The state stores.
    pub state: Vec<StateComponent>,
    /// The cron bindings.
    pub bindings: Vec<CronBinding>,
    /// The secret stores.
    pub secrets: Vec<SecretComponent>,
    /// How the app's health is probed.
    pub health: AppHealth,
    /// How a delivery that was not accepted is repeated.
    pub retry: InboundRetry,
    /// How long deliveries in flight may take to end when the sidecar stops or the app turns unhealthy.
    pub drain: Duration,
    /// The largest gRPC message taken or passed on, in bytes.
    pub max_message_bytes: usize,
}

impl SidecarConfig {
    /// A sidecar on a free loopback port, without tokens and components, with Dapr's defaults.
    pub fn new(app_id: impl Into<String>, app_address: SocketAddr) -> Self {
        Self {
            app_address: Some(app_address),
            ..Self::without_app(app_id)
        }
    }

    /// The same for an app that only calls others: daprd without `--app-port`.
    pub fn without_app(app_id: impl Into<String>) -> Self {
        Self {
            app_id: app_id.into(),
            app_address: None,
            listen: Listen::Address(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))),
            api_token: None,
            app_api_token: None,
            pubsub: Vec::new(),
            state: Vec::new(),
            bindings: Vec::new(),
            secrets: Vec::new(),
            health: AppHealth::default(),
            retry: InboundRetry::default(),
            drain: Duration::from_secs(5),
            max_message_bytes: 4 << 20,
        }
    }
}

/// Where the Dapr gRPC API is served.
#[derive(Debug)]
pub enum Listen {
    /// An address to bind; port 0 takes a free one.
    Address(SocketAddr),
    /// A socket that is bound already.
    Bound(TcpListener),
}

/// A pub/sub component over the engine's topics.
#[derive(Clone, Debug)]
pub struct PubSubComponent {
    /// The component's name, such as `pubsub`.
    pub name: String,
    /// Who shares the events with whom.
    pub consumer_group: ConsumerGroup,
    /// The topics the app may publish to; all when absent. The sidecar publishes dead letters in the
    /// app's name, so its dead letter topic has to be among them.
    pub publish_topics: Option<BTreeSet<String>>,
    /// The topics the app may subscribe to; all when absent.
    pub subscribe_topics: Option<BTreeSet<String>>,
}

impl PubSubComponent {
    /// A component whose topics are all open to the app.
    pub fn new(name: impl Into<String>, consumer_group: ConsumerGroup) -> Self {
        Self {
            name: name.into(),
            consumer_group,
            publish_topics: None,
            subscribe_topics: None,
        }
    }

    pub(crate) fn may_publish(&self, topic: &str) -> bool {
        self.publish_topics
            .as_ref()
            .is_none_or(|allowed| allowed.contains(topic))
    }

    pub(crate) fn may_subscribe(&self, topic: &str) -> bool {
        self.subscribe_topics
            .as_ref()
            .is_none_or(|allowed| allowed.contains(topic))
    }
}

/// Which consumer group a component's subscriptions belong to. A new group begins at the oldest
/// event that is retained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerGroup {
    /// The app id: replicas share the events, and the group remembers where it was.
    AppId,
    /// A group of its own at each start (Dapr's `{uuid}`): every replica gets every event.
    UniquePerStart,
}

/// A state store over the engine's state.
#[derive(Clone, Debug)]
pub struct StateComponent {
    /// The component's name, such as `statestore`.
    pub name: String,
    /// What stands before `||` in every key: the app id, as in Dapr's default.
    pub key_prefix: String,
}

/// A cron input binding.
#[derive(Clone, Debug)]
pub struct CronBinding {
    /// The component's name.
    pub name: String,
    /// `@every 1s`, a descriptor such as `@hourly`, or a cron expression of 5 or 6 fields (seconds
    /// first), in UTC.
    pub schedule: String,
    /// Whether the component says `direction: input`. Without it the app is asked by
    /// `ListInputBindings`, once, whether it wants the binding.
    pub direction_input: bool,
}

/// A secret store.
#[derive(Clone, Debug)]
pub struct SecretComponent {
    /// The component's name.
    pub name: String,
    /// Where its secrets are.
    pub source: SecretSource,
    /// The only keys the app may read; all when absent.
    pub allowed: Option<BTreeSet<String>>,
}

/// Where a store's secrets are.
#[derive(Clone, Debug)]
pub enum SecretSource {
    /// Dapr's `secretstores.local.env`. `APP_API_TOKEN` and `DAPR_*` are never given out.
    Environment {
        /// Put before a key to get the variable's name.
        prefix: String,
        /// The environment.
        variables: BTreeMap<String, SecretString>,
    },
    /// Dapr's `secretstores.local.file`: a JSON file, read once at the start.
    File {
        /// The file.
        path: PathBuf,
        /// What joins the names of nested objects: `:` by Dapr's default.
        nested_separator: String,
    },
}

/// How the app's health is probed (`AppCallbackHealthCheck/HealthCheck`).
#[derive(Clone, Copy, Debug)]
pub struct AppHealth {
    /// The time between probes.
    pub interval: Duration,
    /// How long a probe may take.
    pub timeout: Duration,
    /// How many failed probes make the app unhealthy. As in Dapr they are counted since the app
    /// last became healthy: a success in between does not reset the count.
    pub threshold: u32,
}

impl Default for AppHealth {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
            timeout: Duration::from_millis(500),
            threshold: 60,
        }
    }
}

/// How a delivery that was not accepted is repeated: at a constant interval, without end.
#[derive(Clone, Copy, Debug)]
pub struct InboundRetry {
    /// The time between attempts.
    pub interval: Duration,
}

impl Default for InboundRetry {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
        }
    }
}
