//! The task API.
//!
//! A request takes one way: an RPC's file in `task_service` reads it, the use case of the same name
//! in `tasks` does it in one transaction, and the RPC's file writes the answer. Use cases know
//! nothing of gRPC, so that whatever else speaks to users comes to the same ones. Profiles and
//! accounts are built alike.
//!
//! What a change tells goes out with it, through the outbox. This service takes no events; its one
//! binding is the clock by which old data is removed.

mod account_service;
mod accounts;
mod answer;
mod maintenance;
mod profile_service;
mod profiles;
mod settings;
mod task_service;
mod tasks;

use domain::AppId;
use proto::v1::{
    account_service_server::AccountServiceServer, profile_service_server::ProfileServiceServer,
    task_service_server::TaskServiceServer,
};
use service_kit::{Kit, Service};

use self::{
    account_service::AccountGrpc, accounts::Accounts, profile_service::ProfileGrpc,
    profiles::Profiles, task_service::TaskGrpc, tasks::Tasks,
};
pub use self::{maintenance::Maintenance, settings::Settings};

/// The binding by which old data is removed.
pub const MAINTENANCE_BINDING: &str = "maintenance-cron";

/// The service.
pub fn service(kit: &Kit, settings: &Settings) -> Service {
    let tasks = TaskGrpc::new(Tasks::new(kit.clone()), settings.wire());
    let profiles = ProfileGrpc::new(Profiles::new(kit.clone()));
    let accounts = AccountGrpc::new(Accounts::new(kit.clone()));
    let largest = kit.largest_request();
    Service::new(AppId::BackendApi)
        .grpc(TaskServiceServer::new(tasks).max_decoding_message_size(largest))
        .grpc(ProfileServiceServer::new(profiles).max_decoding_message_size(largest))
        .grpc(AccountServiceServer::new(accounts).max_decoding_message_size(largest))
        .binding(
            MAINTENANCE_BINDING,
            Maintenance::new(kit.clone(), settings.clone()),
        )
}
