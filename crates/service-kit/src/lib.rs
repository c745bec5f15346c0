//! What every service shares, so that a service is a list of handlers.
//!
//! A service says what it subscribes to and what it serves. Nothing in it mentions gRPC plumbing,
//! retries or tokens:
//!
//! ```no_run
//! use async_trait::async_trait;
//! use domain::{AppId, Task};
//! use service_kit::{Handle, HandleError, Kit, Received, Service, TaskCompleted, UnitOfWork};
//!
//! /// Makes the next occurrence of a completed task.
//! struct MakeNextOccurrence;
//!
//! #[async_trait]
//! impl Handle<TaskCompleted> for MakeNextOccurrence {
//!     async fn handle(
//!         &self,
//!         task: &Task,
//!         _received: &Received<'_>,
//!         work: &mut UnitOfWork,
//!     ) -> Result<(), HandleError> {
//!         let Some(task) = work.tx().task_get_for_update(&task.user_id, task.id).await? else {
//!             return Ok(());
//!         };
//!         let now = work.now();
//!         // … the domain decides, the store keeps, and what happened is published:
//!         if let Some((_predecessor, change)) = task.successor(now, work.ids()) {
//!             work.record(&change);
//!         }
//!         Ok(())
//!     }
//! }
//!
//! pub fn service(_kit: &Kit) -> Service {
//!     Service::new(AppId::RecurringService).subscribe(TaskCompleted, MakeNextOccurrence)
//! }
//! ```
//!
//! # What a service is given
//!
//! * A [`Kit`]: time, ids, keys, the sidecar, and transactions. [`Kit::transact`] and
//!   [`Kit::change_once`] run a use case in a [`UnitOfWork`]: rows and events commit together or
//!   not at all.
//! * A [`Context`] with each request: whose token it came with. The tenant never comes from a
//!   message.
//! * A [`Received`] event with each delivery: decoded, and not handled before as far as anybody
//!   remembers. The effect carries a natural unique key in the database all the same; that is what
//!   makes it happen once.
//! * [`ApiError`] to return: a kind out of one closed table ([`ErrorKind`]), which knows its gRPC
//!   code, its reason and its HTTP status. [`HandleError`] from handlers: its variant decides
//!   whether an event comes again.
//!
//! # What is done for it
//!
//! | module | what it does |
//! |---|---|
//! | `callback` | answers the sidecar: subscriptions, deliveries, bindings; refuses everybody else |
//! | `delivery` | decodes, deduplicates, runs handlers, keeps dead letters |
//! | `outbox` | publishes what was committed, in order, and parks what cannot be published |
//! | [`auth`] | checks tokens against their issuers |
//! | `server` | one port: gRPC, gRPC-web, reflection, health, HTTP; limits and deadlines |
//! | `health`, `canary` | readiness; a subscription that is missing or has gone quiet |
//! | [`config`], [`telemetry`] | what is configured; logs, traces, metrics |
//! | [`Lifecycle`] | background work that nobody forgets, and the order in which a process ends |
//!
//! # What it must not know
//!
//! Any single service, and SeaORM: the database is `store`'s. It reads no environment variable and
//! no clock but in [`config::environment`] and [`SystemClock`].

pub mod auth;
mod callback;
mod canary;
mod clock;
pub mod config;
mod context;
mod delivery;
mod error;
mod handler;
mod health;
mod idempotency;
mod ids;
mod kit;
mod lifecycle;
mod outbox;
mod page_fit;
mod page_token;
mod resources;
mod seal;
mod secrets;
mod server;
mod service;
mod sidecar_client;
mod startup;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
mod topics;
mod work;

pub use self::{
    canary::CANARY_TYPE,
    clock::{Clock, SharedClock, SystemClock, whole_microseconds},
    context::Context,
    delivery::{Consumer, ReplayError},
    error::{ApiError, DOMAIN, ErrorKind},
    handler::{
        BulkOptions, Delivered, Delivery, EventType, FanOut, Handle, HandleBatch, HandleBinding,
        HandleError, Position, Received, ReminderDue, ReminderDueData, TaskCompleted, TaskCreated,
        TaskDeleted, TaskUpdated, TaskUpdatedData, TaskUpdates,
    },
    health::{Health, Part, ReadinessCheck, Report},
    idempotency::{Changed, REQUEST_ID_LIFETIME, Repeatable},
    ids::Ids,
    kit::{Kit, Parts},
    lifecycle::{Failure, Lifecycle, LifecycleError},
    outbox::OutboxSignal,
    page_fit::fitting,
    resources::Resources,
    seal::{Purpose, SECRET_MINIMUM, Seal, SealBroken},
    secrets::{SecretError, find_secret},
    server::{Peer, Server},
    service::Service,
    sidecar_client::{OutboundEvent, SidecarClient, SidecarError, StateEntry, metadata},
    startup::{OpenError, open_resources},
    topics::{canary_topic, dead_letter_topic},
    work::{UnitOfWork, WorkError},
};
