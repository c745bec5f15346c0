//! `errand up`: everything on this machine.

mod announce;
mod web;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;
use domain::AppId;
use service_kit::{Clock as _, Lifecycle, SystemClock, telemetry::Telemetry};
use store::StoreConfig;
use tokio::net::TcpListener;

use self::announce::Announcement;
use crate::{
    cli::Up,
    data_folder::{DataFolder, HeldFolder, Holder},
    embedded::{Embedded, Plan},
    metrics,
    settings::Settings,
    signals::Signals,
    topology,
    web::WebApp,
};

/// Runs everything until a signal ends it.
pub(super) fn run(options: &Up, settings: Settings) -> anyhow::Result<ExitCode> {
    let web = web::wanted(options, &settings.web)?;
    let folder = super::data_folder(&options.folder, &settings)?;
    let held = folder.hold()?;
    super::runtime()?.block_on(up(options, settings, web, held))
}

async fn up(
    options: &Up,
    settings: Settings,
    web: Option<WebApp>,
    mut held: HeldFolder,
) -> anyhow::Result<ExitCode> {
    let telemetry = Telemetry::start(&settings.kit.telemetry, "errand")?;
    metrics::describe();
    let listeners = bind(options.host, options.port_base).await?;
    if let Some(web) = &web {
        web::port_is_free(web).await?;
    }
    let lifecycle = Lifecycle::new();
    let signals = Signals::listen()?;

    let folder = held.folder().clone();
    let backend = SocketAddr::new(options.host, options.port_base);
    held.sign(&Holder {
        pid: std::process::id(),
        since: SystemClock.now().to_string(),
        address: backend.to_string(),
        web: web.as_ref().map(web::held),
    })?;
    let grace = settings.kit.process.grace_period;
    let plan = plan(settings, &folder, listeners, web.as_ref())?;
    let beside = web
        .as_ref()
        .map(|web| web::Beside::new(web, &plan, &folder));
    let mut embedded = Embedded::start(plan, &lifecycle).await?;
    let process = match beside {
        Some(beside) => Some(beside.start(&mut embedded, &lifecycle).await?),
        None => None,
    };
    let embedded = Arc::new(embedded);
    let announcement = Announcement {
        embedded: Arc::clone(&embedded),
        web,
        folder,
        backend,
        lifecycle: lifecycle.clone(),
    };
    lifecycle.spawn_short(async move {
        if let Err(error) = announcement.print().await {
            tracing::debug!(%error, "nobody reads standard output");
        }
    });
    let before_drain = async {
        if let Some(process) = &process {
            process.end(web::BEFORE_SERVICES).await;
        }
    };
    let ended = signals
        .run_to_end_after(&lifecycle, grace, before_drain)
        .await;
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
    web: Option<&WebApp>,
) -> anyhow::Result<Plan> {
    let secret = match &settings.kit.secrets.current {
        Some(secret) => secret.clone(),
        None => folder.secret()?,
    };
    let key_sets = folder.key_sets().display().to_string();
    let auth = &mut settings.kit.auth;
    auth.jwks_folder.get_or_insert(key_sets.into());
    if let Some(web) = web {
        web::trust(web, &mut auth.issuers);
    }
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
