//! Where the replicas answer now.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use domain::AppId;
use tonic::transport::{Channel, Endpoint};

/// Where the replicas answer now. A cheap handle.
#[derive(Clone, Debug, Default)]
pub(crate) struct AddressBook(Arc<Mutex<BTreeMap<(AppId, usize), Entry>>>);

#[derive(Clone, Debug)]
struct Entry {
    address: SocketAddr,
    channel: Channel,
}

impl AddressBook {
    /// A replica answers here from now on.
    pub(crate) fn enter(&self, app: AppId, replica: usize, address: SocketAddr) {
        let channel = channel(address);
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert((app, replica), Entry { address, channel });
    }

    /// The address of a replica.
    pub(crate) fn address(&self, app: AppId, replica: usize) -> SocketAddr {
        self.entry(app, replica).address
    }

    /// A channel to a replica.
    pub(crate) fn channel(&self, app: AppId, replica: usize) -> Channel {
        self.entry(app, replica).channel
    }

    fn entry(&self, app: AppId, replica: usize) -> Entry {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get(&(app, replica)).cloned();
        entry.unwrap_or_else(|| panic!("there is no replica {replica} of {app}"))
    }
}

/// What a stream may have on its way, in bytes: HTTP/2's own default.
const WINDOW: u32 = 65_535;

/// A channel that connects when it is first used.
pub(crate) fn channel(address: SocketAddr) -> Channel {
    Endpoint::from_shared(format!("http://{address}"))
        .expect("an IP address and a port make an endpoint")
        .tcp_nodelay(true)
        .initial_stream_window_size(WINDOW)
        .connect_lazy()
}
