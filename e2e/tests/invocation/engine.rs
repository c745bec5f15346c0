//! What a test has to know of the system's engine to put sidecars beside it.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use domain::AppId;
use e2e::System;
use service_kit::config::environment;

/// A folder of the component files in `dapr/`.
pub(crate) fn dapr_folder(place: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../dapr")
        .join(place)
}

/// A program that `scripts/with-system` names.
pub(crate) fn program(variable: &str) -> PathBuf {
    let program = environment().remove(variable);
    let program =
        program.unwrap_or_else(|| panic!("{variable} is not set: run this by scripts/with-system"));
    program.into()
}

/// A port that nobody has, and that this process gives out once. Another process begins elsewhere.
pub(crate) fn free_port() -> SocketAddr {
    // Below the ports of the systems that `scripts/with-system` starts, and of test databases.
    const FIRST: u16 = 10_000;
    const COUNT: u16 = 10_000;
    static GIVEN_OUT: AtomicU32 = AtomicU32::new(0);
    let first = std::process::id().wrapping_mul(101);
    let free = (0..COUNT).find_map(|_| {
        let number = first.wrapping_add(GIVEN_OUT.fetch_add(1, Ordering::Relaxed));
        let port = FIRST + u16::try_from(number % u32::from(COUNT)).unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpListener::bind(address).is_ok().then_some(address)
    });
    free.expect("a port is free")
}

/// A service of the system, as its sidecars have to know it.
#[derive(Clone, Debug)]
pub(crate) struct App {
    /// Where it answers.
    pub(crate) address: SocketAddr,
    /// By what it knows its sidecars.
    pub(crate) token: String,
}

impl App {
    /// The first replica of a service.
    pub(crate) fn of(system: &System, app: AppId) -> Self {
        let configuration = fs::read_to_string(system.folder().join("supervisord.conf")).unwrap();
        let section = configuration.split(&format!("[program:{app}-1]\n")).nth(1);
        let token = section.and_then(|section| {
            let (_, rest) = section.split_once("APP_API_TOKEN=\"")?;
            rest.split_once('"')
        });
        let (token, _) = token.expect("each replica has a token");
        Self {
            address: system.address(app, 0),
            token: token.to_owned(),
        }
    }
}
