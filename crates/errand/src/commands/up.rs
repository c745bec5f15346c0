//! `errand up`: everything on this machine.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use domain::AppId;
use service_kit::{Clock as _, Lifecycle, SystemClock, telemetry::Telemetry};
use store::StoreConfig;
use tokio::net::TcpListener;

use crate::{
    cli::Up,
    data_folder::{DataFolder, HeldFolder, Holder},
    embedded::{Embedded, Plan},
    metrics,
    settings::Settings,
    signals::Signals,
    topology,
};

/// Runs everything until a signal ends it.
pub(super) fn run(options: &Up, settings: Settings) -> anyhow::Result<ExitCode> {
    let folder = super::data_folder(&options.folder, &settings)?;
    let held = folder.hold()?;
    super::runtime()?.block_on(up(options, settings, held))
}

async fn up(options: &Up, settings: Settings, mut held: HeldFolder) -> anyhow::Result<ExitCode> {
    let telemetry = Telemetry::start(&settings.kit.telemetry, "errand")?;
    metrics::describe();
    let listeners = bind(options.host, options.port_base).await?;
    let lifecycle = Lifecycle::new();
    let signals = Signals::listen()?;

    let folder = held.folder().clone();
    let backend = SocketAddr::new(options.host, options.port_base);
    held.sign(&Holder {
        pid: std::process::id(),
        since: SystemClock.now().to_string(),
        address: backend.to_string(),
    })?;
    let grace = settings.kit.process.grace_period;
    let plan = plan(settings, &folder, listeners)?;
    let embedded = Arc::new(Embedded::start(plan, &lifecycle).await?);
    let announced = Arc::clone(&embedded);
    let life = lifecycle.clone();
    lifecycle.spawn_short(async move {
        if let Err(error) = announce(&announced, &folder, backend, &life).await {
            tracing::debug!(%error, "nobody reads standard output");
        }
    });
    let ended = signals.run_to_end(&lifecycle, grace).await;
    if let Some(embedded) = Arc::into_inner(embedded) {
        embedded.close().await;
    }
    telemetry.flush();
    ended?;
    Ok(ExitCode::SUCCESS)
}

fn plan(
    mut settings: Settings,
    folder: &DataFolder,
    listeners: BTreeMap<AppId, TcpListener>,
) -> anyhow::Result<Plan> {
    let secret = match &settings.kit.secrets.current {
        Some(secret) => secret.clone(),
        None => folder.secret()?,
    };
    let key_sets = folder.key_sets().display().to_string();
    settings.kit.auth.jwks_folder.get_or_insert(key_sets.into());
    // Whoever holds the folder is alone on it: the relays take over at once what a process that was
    // killed has leased, and do not wait until its leases run out.
    let instance = &mut settings.kit.process.instance;
    instance.get_or_insert_with(|| "up".to_owned());
    Ok(Plan {
        database: StoreConfig::new(folder.database_url()),
        engine: folder.engine(),
        secret,
        listeners,
        clock: SystemClock::shared(),
        settings,
    })
}

/// Takes every port before anything starts, so that nothing has to be undone where one is in use.
async fn bind(host: IpAddr, base: u16) -> anyhow::Result<BTreeMap<AppId, TcpListener>> {
    let mut listeners = BTreeMap::new();
    for app in AppId::ALL {
        let address = SocketAddr::new(host, base + topology::port_offset(app));
        let listener = TcpListener::bind(address).await.with_context(|| {
            format!("{app} cannot listen on {address}: another program may be there; choose other ports with --port-base")
        })?;
        listeners.insert(app, listener);
    }
    Ok(listeners)
}

/// One line for each service as it becomes ready, then what to do next.
async fn announce(
    embedded: &Embedded,
    folder: &DataFolder,
    backend: SocketAddr,
    lifecycle: &Lifecycle,
) -> io::Result<()> {
    for (app, address) in embedded.addresses() {
        embedded.ready(*app).await;
        if lifecycle.is_draining() {
            return Ok(());
        }
        writeln!(io::stdout().lock(), "{:<22}{address}", app.as_str())?;
    }
    let folder = folder.path().display();
    writeln!(
        io::stdout().lock(),
        "ready: the task API answers at {backend}, the data is in {folder}\n\n\
         Try it:\n  \
         T=$(errand token --user alice --data-dir {folder})\n  \
         grpcurl -plaintext {backend} list\n  \
         grpcurl -plaintext -H \"authorization: Bearer $T\" -d '{{\"task\": {{\"title\": \"Water the plants\"}}}}' \\\n    \
         {backend} errand.v1.TaskService/CreateTask"
    )
}
