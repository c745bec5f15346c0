//! Where the services answer, and what they know their users by.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use domain::{AppId, UserId};
use errand::topology;
use secrecy::SecretString;
use service_kit::{Clock as _, Seal, SystemClock, auth::mint_local_token};
use tonic::{
    metadata::{Ascii, MetadataValue},
    transport::{Channel, Endpoint},
};
use uuid::Uuid;

/// How long a token is good: longer than anything is measured.
const LIFETIME: Duration = Duration::from_hours(2);

/// The five services of one Errand.
#[derive(Clone, Debug)]
pub(crate) struct Services {
    port_base: u16,
    secret: SecretString,
}

impl Services {
    /// The services from this port on, which open what this secret has sealed.
    pub(crate) fn new(port_base: u16, secret: SecretString) -> Self {
        Self { port_base, secret }
    }

    /// A connection to a service.
    pub(crate) async fn connect(&self, app: AppId) -> anyhow::Result<Channel> {
        let port = self.port_base + topology::port_offset(app);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let endpoint = Endpoint::try_from(format!("http://{address}"))?;
        Ok(endpoint.tcp_nodelay(true).connect().await?)
    }

    /// What a user shows with each call.
    pub(crate) fn bearer(&self, user: &str) -> anyhow::Result<MetadataValue<Ascii>> {
        let seal = Seal::new(&self.secret, None);
        let user = UserId::parse(user)?;
        let id = Uuid::from_u128(1);
        let token = mint_local_token(&seal, &user, SystemClock.now(), LIFETIME, id);
        Ok(format!("Bearer {token}").parse()?)
    }
}
