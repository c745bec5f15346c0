//! Live updates to every open screen.
//!
//! Every replica reads the whole topic `task-updates` in a consumer group of its own and keeps the
//! latest in memory ([`hub`]); a client that opens `StreamUpdates` on any of them gets its user's
//! updates as they come, and after a break goes on where it was. Nothing is stored: a client that
//! has missed something is told to read its lists.
//!
//! A replica that starts reads what the topic retains before it serves anything ([`catch_up`]).

pub mod catch_up;
pub mod config;
pub mod cursor;
pub mod hub;
pub mod position;
mod take_updates;
mod update_service;

use std::sync::Arc;

use domain::{AppId, Topic};
use proto::v1::update_service_server::UpdateServiceServer;
use service_kit::{Kit, Service};

use crate::{catch_up::CatchUp, config::RealtimeConfig, hub::Hub};

pub use take_updates::TakeUpdates;
pub use update_service::UpdateGrpc;

/// The service. Its catching up begins at once, in the background.
pub fn service(kit: &Kit, config: RealtimeConfig) -> Service {
    let catch_up = CatchUp::new(kit.ids().uuid(), config.partitions);
    kit.lifecycle()
        .spawn("catch-up", catch_up.clone().run(kit.clone()));
    let hub = Hub::new(config);
    let updates = TakeUpdates::new(kit.clone(), Arc::clone(&hub), catch_up.clone());
    let api = UpdateServiceServer::new(UpdateGrpc::new(kit.clone(), hub, catch_up.clone()));
    Service::new(AppId::RealtimeService)
        .fan_out(Topic::TaskUpdates, updates)
        .ready_when(catch_up)
        .grpc(api.max_decoding_message_size(kit.largest_request()))
}
