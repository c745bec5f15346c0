//! One sidecar: its parts, its start and its end.

mod runtime;

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, RwLock},
};

use secrecy::ExposeSecret as _;
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::sync::CancellationToken;

pub(crate) use self::runtime::{Binding, Runtime};
use crate::{
    app,
    config::{CronBinding, Listen, SidecarConfig},
    cron::{Schedule, ScheduleError},
    engine::{App, Engine},
    secrets::{SecretStore, SecretsError},
    server,
    tasks::Tasks,
};

/// Why a sidecar could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address of the API cannot be listened on.
    #[error("cannot listen for the Dapr API of {app_id}")]
    Listen {
        /// The app.
        app_id: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The app's address makes no channel.
    #[error("cannot make a channel to the app {app_id}")]
    AppChannel {
        /// The app.
        app_id: String,
        /// What is wrong with it.
        #[source]
        source: tonic::transport::Error,
    },
    /// The app's token cannot be sent.
    #[error("the token of the app {app_id} is not ASCII text")]
    AppToken {
        /// The app.
        app_id: String,
    },
    /// A cron binding has no schedule.
    #[error("the binding {binding} cannot tick")]
    Schedule {
        /// The component.
        binding: String,
        /// What is wrong with it.
        #[source]
        source: ScheduleError,
    },
    /// A secret store cannot be read.
    #[error("the secret store {store} cannot be opened")]
    Secrets {
        /// The component.
        store: String,
        /// What is wrong with it.
        #[source]
        source: SecretsError,
    },
}

/// Why a sidecar ended without having been asked to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SidecarError {
    /// One of its tasks panicked.
    #[error("a task of the sidecar panicked")]
    Panicked,
    /// The engine failed.
    #[error("the engine behind the sidecar failed")]
    Engine,
}

/// A sidecar that runs. It stops when the token given to [`start`] is cancelled.
pub struct Sidecar {
    local_addr: SocketAddr,
    runtime: Arc<Runtime>,
}

impl Sidecar {
    /// Where the Dapr gRPC API is served.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Asks the sidecar to stop: deliveries in flight may end, then the API is closed.
    pub fn stop(&self) {
        self.runtime.stopping.cancel();
    }

    /// Ends the sidecar where it stands: nothing in flight is waited for.
    pub fn abort(&self) {
        self.runtime.stopping.cancel();
        self.runtime.tasks.kill();
    }

    /// Waits until the sidecar has stopped.
    pub async fn stopped(&self) -> Result<(), SidecarError> {
        self.runtime.tasks.wait().await;
        if self.runtime.tasks.failed().is_cancelled() {
            return Err(SidecarError::Panicked);
        }
        if self.runtime.engine.failed().is_cancelled() {
            return Err(SidecarError::Engine);
        }
        Ok(())
    }
}

impl fmt::Debug for Sidecar {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sidecar")
            .field("app_id", &self.runtime.app_id)
            .field("local_addr", &self.local_addr)
            .finish_non_exhaustive()
    }
}

/// Starts a sidecar. It answers as soon as this returns, and waits for its app in the background.
pub async fn start(
    engine: Engine,
    config: SidecarConfig,
    shutdown: CancellationToken,
) -> Result<Sidecar, StartError> {
    let app_id = config.app_id.clone();
    let listener = listen(config.listen)
        .await
        .map_err(|source| StartError::Listen {
            app_id: app_id.clone(),
            source,
        })?;
    let local_addr = listener.local_addr().map_err(|source| StartError::Listen {
        app_id: app_id.clone(),
        source,
    })?;
    let token = config
        .app_api_token
        .map(|token| token.expose_secret().parse())
        .transpose()
        .map_err(|_| StartError::AppToken {
            app_id: app_id.clone(),
        })?;
    let app = match config.app_address {
        Some(address) => {
            let channel = app::channel(address).map_err(|source| StartError::AppChannel {
                app_id: app_id.clone(),
                source,
            })?;
            Some(Arc::new(App {
                address,
                channel,
                token,
            }))
        }
        None => None,
    };
    let bindings = config
        .bindings
        .into_iter()
        .map(binding)
        .collect::<Result<_, _>>()?;
    let secrets = config
        .secrets
        .into_iter()
        .map(|component| {
            let store = component.name.clone();
            SecretStore::open(component).map_err(|source| StartError::Secrets { store, source })
        })
        .collect::<Result<_, _>>()?;

    let registration = app
        .as_ref()
        .map(|app| engine.apps().register(&app_id, Arc::clone(app)));
    let runtime = Arc::new(Runtime {
        app_id,
        app,
        engine,
        pubsub: config.pubsub,
        state: config.state,
        bindings,
        secrets,
        health: config.health,
        retry: config.retry,
        drain: config.drain,
        max_message_bytes: config.max_message_bytes,
        tasks: Tasks::new(),
        stopping: shutdown.child_token(),
        restart: Notify::new(),
        subscriptions: RwLock::default(),
    });

    let tasks = runtime.tasks.clone();
    let drained = CancellationToken::new();
    let serving = server::serve(
        listener,
        Arc::clone(&runtime),
        config.api_token,
        drained.clone(),
    );
    tasks.spawn("API server", serving);
    let app_side = app::run(Arc::clone(&runtime));
    tasks.spawn("app", async move {
        // Handlers in flight may still call the API, so it closes after them.
        app_side.await;
        drop(registration);
        drained.cancel();
    });
    tasks.spawn("failures", stop_on_failure(Arc::clone(&runtime)));
    Ok(Sidecar {
        local_addr,
        runtime,
    })
}

async fn listen(listen: Listen) -> io::Result<TcpListener> {
    match listen {
        Listen::Address(address) => TcpListener::bind(address).await,
        Listen::Bound(socket) => {
            socket.set_nonblocking(true)?;
            TcpListener::from_std(socket)
        }
    }
}

fn binding(binding: CronBinding) -> Result<Arc<Binding>, StartError> {
    let CronBinding {
        name,
        schedule,
        direction_input,
    } = binding;
    let schedule = Schedule::parse(&schedule).map_err(|source| StartError::Schedule {
        binding: name.clone(),
        source,
    })?;
    Ok(Arc::new(Binding {
        name,
        schedule,
        direction_input,
    }))
}

/// A sidecar with a dead part is no sidecar: it ends.
async fn stop_on_failure(runtime: Arc<Runtime>) {
    tokio::select! {
        () = runtime.tasks.failed().cancelled() => {}
        () = runtime.engine.failed().cancelled() => {}
        () = runtime.stopping.cancelled() => return,
    }
    tracing::error!(
        app = runtime.app_id,
        "the sidecar stops, since a part of it has failed"
    );
    runtime.stopping.cancel();
}
