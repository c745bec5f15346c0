//! Users of an `errand up`, and what they left behind.

use std::{net::Ipv4Addr, path::Path};

use e2e::{Left, User};
use errand::topology;
use proto::v1::Task;
use store::{Store, StoreConfig};

/// The user of a token, on the services from this port on. They need not run yet.
pub(crate) fn user(name: &str, token: &str, base: u16) -> User {
    User::at(name, token, 1, |app, _| {
        (Ipv4Addr::LOCALHOST, base + topology::port_offset(app)).into()
    })
}

/// A task with a title alone.
pub(crate) fn titled(title: &str) -> Task {
    Task {
        title: title.to_owned(),
        ..Task::default()
    }
}

/// What of a data folder has not reached those it is for, whether a process works on it or not.
pub(crate) async fn left(data: &Path) -> Left {
    let store = open(data).await;
    let left = Left::in_store(&store).await.unwrap();
    store.close().await;
    left
}

/// The database of a data folder.
pub(crate) async fn open(data: &Path) -> Store {
    let url = format!("sqlite://{}", data.join("errand.db").display());
    Store::connect(&StoreConfig::new(url)).await.unwrap()
}
