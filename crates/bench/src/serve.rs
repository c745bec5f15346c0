//! Everything that `errand up` runs, but on PostgreSQL: what the same process does with the other
//! database.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    net::Ipv4Addr,
    process::ExitCode,
    time::Duration,
};

use anyhow::Context as _;
use domain::AppId;
use errand::{
    embedded::{Embedded, Plan},
    settings::Settings,
    signals::Signals,
    topology,
};
use service_kit::{Lifecycle, SystemClock, telemetry::Telemetry};
use store::StoreConfig;
use tokio::net::TcpListener;

use crate::cli::Serve;

/// How long it may take to end.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until a signal ends it.
pub(crate) async fn run(options: Serve) -> anyhow::Result<ExitCode> {
    let settings = Settings::load(None)?;
    let telemetry = Telemetry::start(&settings.kit.telemetry, "errand-bench")?;
    let lifecycle = Lifecycle::new();
    let signals = Signals::listen()?;
    let mut listeners = BTreeMap::new();
    for app in AppId::ALL {
        let port = options.port_base + topology::port_offset(app);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        listeners.insert(app, listener);
    }
    let secret = settings.kit.secrets.current.clone();
    let plan = Plan {
        database: StoreConfig {
            max_connections: settings.kit.database.max_connections,
            ..StoreConfig::new(options.database)
        },
        engine: options.folder,
        secret: secret.context("ERRAND_SECRET is not set")?,
        listeners,
        clock: SystemClock::shared(),
        settings,
    };
    let embedded = Embedded::start(plan, &lifecycle).await?;
    for app in AppId::ALL {
        embedded.ready(app).await;
    }
    writeln!(io::stdout().lock(), "ready")?;
    let ended = signals.run_to_end(&lifecycle, GRACE).await;
    embedded.close().await;
    telemetry.flush();
    ended?;
    Ok(ExitCode::SUCCESS)
}
