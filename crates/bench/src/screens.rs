//! Open screens: a stream of updates for each user, and what has arrived on it, when.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use proto::v1::{StreamUpdatesResponse, stream_updates_response::Frame, update_data::Item};
use tokio::task::JoinSet;
use tonic::Streaming;

use crate::{arrivals::Arrivals, caller::Caller, services::Services, statements::FIRST_USER};

/// The screens of users. They close when this is dropped.
pub(crate) struct Screens {
    shown: Shown,
    readers: JoinSet<anyhow::Result<()>>,
}

/// When each thing was first on the screen of its user.
#[derive(Clone, Debug, Default)]
struct Shown {
    tasks: Arrivals,
    notifications: Arrivals,
}

impl Screens {
    /// Opens a screen for each of the first so many users, each with a connection of its own.
    pub(crate) async fn open(services: &Services, users: usize) -> anyhow::Result<Self> {
        let shown = Shown::default();
        let mut readers = JoinSet::new();
        for user in 0..users {
            let user = (FIRST_USER + user).to_string();
            let caller = Caller::connect(services, &user).await?;
            let mut frames = caller.watch(services).await?;
            let first = frames.message().await?.and_then(|message| message.frame);
            ensure!(
                matches!(first, Some(Frame::Ready(_))),
                "a stream begins with {first:?}"
            );
            readers.spawn(read(frames, shown.clone()));
        }
        Ok(Self { shown, readers })
    }

    /// Waits until the tasks with these ids have been shown, for so long at most, and says when each
    /// was.
    pub(crate) async fn wait_for_tasks(
        &mut self,
        ids: &[String],
        patience: Duration,
    ) -> anyhow::Result<Vec<Option<Instant>>> {
        let tasks = self.shown.tasks.clone();
        self.while_open(tasks.wait_for(ids, patience)).await
    }

    /// Waits until so many notifications have been shown, for so long at most, and says when each
    /// was.
    pub(crate) async fn wait_for_notifications(
        &mut self,
        count: usize,
        patience: Duration,
    ) -> anyhow::Result<Vec<Instant>> {
        let notifications = self.shown.notifications.clone();
        self.while_open(notifications.wait_for_count(count, patience))
            .await
    }

    async fn while_open<T>(&mut self, what: impl Future<Output = T>) -> anyhow::Result<T> {
        tokio::select! {
            outcome = what => Ok(outcome),
            Some(ended) = self.readers.join_next() => {
                ended.context("a reader has panicked")??;
                bail!("a stream has ended")
            }
        }
    }
}

async fn read(mut frames: Streaming<StreamUpdatesResponse>, shown: Shown) -> anyhow::Result<()> {
    while let Some(message) = frames.message().await? {
        match message.frame {
            Some(Frame::Update(update)) => match update.item {
                Some(Item::Task(task)) => shown.tasks.note(task.id),
                Some(Item::Notification(notification)) => shown.notifications.note(notification.id),
                _ => {}
            },
            Some(Frame::ResyncRequired(_)) => bail!("a stream was told to read everything again"),
            _ => {}
        }
    }
    Ok(())
}
