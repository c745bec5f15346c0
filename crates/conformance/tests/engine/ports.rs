//! Ports for sidecars, which cannot be asked to choose their own.

use std::{
    net::{Ipv4Addr, TcpListener},
    sync::atomic::{AtomicU32, Ordering},
};

use anyhow::{Result, bail};

/// Below the range that systems draw outgoing ports from, and away from that of the test databases.
const FIRST: u16 = 10_000;
const COUNT: u16 = 10_000;

static GIVEN_OUT: AtomicU32 = AtomicU32::new(0);

/// A port that nobody has, and that this process gives out once. Another process begins elsewhere.
pub fn free() -> Result<u16> {
    let first = std::process::id().wrapping_mul(101);
    for _ in 0..COUNT {
        let number = first.wrapping_add(GIVEN_OUT.fetch_add(1, Ordering::SeqCst));
        let port = FIRST + u16::try_from(number % u32::from(COUNT))?;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port from {FIRST} on is free")
}
