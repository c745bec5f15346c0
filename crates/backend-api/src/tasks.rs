//! What users do with tasks: one use case a file, each one transaction.

mod change;
mod complete;
mod create;
mod delete;
mod get;
mod list;
mod preview;
mod reopen;
mod skip;
mod stats;
mod undelete;
mod update;
mod zone;

use service_kit::Kit;

pub(crate) use self::{change::Target, list::TaskPage};

/// The use cases of tasks. A cheap handle.
#[derive(Clone, Debug)]
pub(crate) struct Tasks {
    kit: Kit,
}

impl Tasks {
    pub(crate) fn new(kit: Kit) -> Self {
        Self { kit }
    }
}
