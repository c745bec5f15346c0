//! Wakes the relay after a commit.

use std::sync::Arc;

use tokio::sync::Notify;

/// Wakes the relay of one service in this process. Relays of other processes find the rows by
/// looking.
#[derive(Debug, Clone, Default)]
pub struct OutboxSignal(Arc<Notify>);

impl OutboxSignal {
    /// A signal that nobody waits for yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// There is something to publish. A wake while nobody waits is kept, and many are one.
    pub fn wake(&self) {
        self.0.notify_one();
    }

    /// Returns once there is something to publish.
    pub(crate) async fn woken(&self) {
        self.0.notified().await;
    }
}
