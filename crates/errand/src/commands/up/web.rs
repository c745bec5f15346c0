//! The web app of an `errand up`: whether there is one, and how it is brought beside the services.

use std::{net::SocketAddr, time::Duration};

use anyhow::Context as _;
use domain::AppId;
use service_kit::{Lifecycle, Seal, config::IssuerConfig};
use tokio::net::TcpListener;

use crate::{
    cli::Up,
    data_folder::{DataFolder, HeldWeb},
    embedded::{Embedded, Plan},
    web::{self, Variables, WebApp, WebFolder, WebProcess, WebSettings},
};

/// How long the services go on for requests that the web app has in its hands. What lasts longer are
/// live updates, which end when those of the services do.
pub(super) const BEFORE_SERVICES: Duration = Duration::from_secs(1);

/// The web app that is to run, if one is.
pub(super) fn wanted(options: &Up, settings: &WebSettings) -> anyhow::Result<Option<WebApp>> {
    let Some(folder) = options.web.as_ref().or(settings.folder.as_ref()) else {
        return Ok(None);
    };
    let folder = WebFolder::open(folder)?;
    let address = SocketAddr::new(options.host, options.web_port.unwrap_or(settings.port));
    Ok(Some(WebApp::new(folder, address, settings.url.as_deref())))
}

/// Whether its port can be had. It is the web app that takes it, so it is let go again.
pub(super) async fn port_is_free(app: &WebApp) -> anyhow::Result<()> {
    let address = app.address();
    TcpListener::bind(address).await.with_context(|| {
        format!("the web app cannot listen on {address}: another program may be there; choose another port with --web-port")
    })?;
    Ok(())
}

/// What whoever asks for the holder of the data folder is told of it.
pub(super) fn held(app: &WebApp) -> HeldWeb {
    HeldWeb {
        folder: app.folder().path().to_path_buf(),
        address: app.address(),
        url: app.url().to_owned(),
    }
}

/// Adds the web app to the issuers whose tokens are good. One that was configured under the same name
/// stays as it was configured.
pub(super) fn trust(app: &WebApp, issuers: &mut Vec<IssuerConfig>) {
    let own = app.issuer();
    if issuers.iter().all(|issuer| issuer.issuer != own.issuer) {
        issuers.push(own);
    }
}

/// What it takes to start the web app beside the services of a plan.
pub(super) struct Beside {
    folder: WebFolder,
    settings: WebSettings,
    variables: Variables,
    realtime: Option<SocketAddr>,
    grace: Duration,
}

impl Beside {
    pub(super) fn new(app: &WebApp, plan: &Plan, data: &DataFolder) -> Self {
        let settings = plan.settings.web.clone();
        let seal = Seal::new(&plan.secret, None);
        let backend = plan.listeners.get(&AppId::RealtimeService);
        let realtime = backend.and_then(|listener| listener.local_addr().ok());
        Self {
            folder: app.folder().clone(),
            variables: Variables::new(app, &settings, data, &seal),
            realtime,
            // Half of it is left for what ends after the web app has.
            grace: plan.settings.kit.process.grace_period / 2,
            settings,
        }
    }

    /// Opens its way to the services, and starts it.
    pub(super) async fn start(
        self,
        embedded: &mut Embedded,
        lifecycle: &Lifecycle,
    ) -> anyhow::Result<WebProcess> {
        let gateway = embedded.open_gateway(web::APP_ID).await?;
        let realtime = self.realtime.context("realtime-service listens nowhere")?;
        let variables =
            self.variables
                .with_services(&self.settings, &gateway, web::reached_at(realtime));
        Ok(WebProcess::start(
            self.folder,
            variables,
            lifecycle,
            self.grace,
        ))
    }
}
