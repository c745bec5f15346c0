//! An open live stream.

use proto::v1::{
    StreamReady, StreamUpdatesRequest, StreamUpdatesResponse, Task, UpdateAction, UpdateData,
    stream_updates_response::Frame, update_data::Item, update_service_client::UpdateServiceClient,
};
use tonic::{Status, Streaming};

use crate::{eventually::PATIENCE, user::Client};

/// An open live stream.
#[derive(Debug)]
pub struct Updates {
    frames: Streaming<StreamUpdatesResponse>,
    /// What its first message said.
    pub ready: StreamReady,
    /// Where the stream has got to.
    pub cursor: String,
}

impl Updates {
    /// Opens the stream and waits for its first message.
    pub(crate) async fn open(mut client: UpdateServiceClient<Client>, cursor: &str) -> Self {
        let request = StreamUpdatesRequest {
            cursor: cursor.to_owned(),
        };
        let answer = client.stream_updates(request).await;
        let frames = answer.expect("the stream opens").into_inner();
        Self::begin(frames).await.expect("the stream is ready")
    }

    /// Waits for the first message of a stream, which says that it is ready.
    pub async fn begin(frames: Streaming<StreamUpdatesResponse>) -> Result<Self, Status> {
        let mut updates = Self {
            frames,
            ready: StreamReady::default(),
            cursor: String::new(),
        };
        match updates.next().await? {
            Some(Frame::Ready(ready)) => updates.ready = ready,
            other => panic!("the first message was not the one that says ready: {other:?}"),
        }
        Ok(updates)
    }

    /// The next message of any kind; None at the end. Panics when there is none for a long time.
    pub async fn next(&mut self) -> Result<Option<Frame>, Status> {
        let waited = tokio::time::timeout(PATIENCE, self.frames.message()).await;
        let message = waited.expect("the stream says something");
        Ok(message?.and_then(|message| {
            self.cursor = message.cursor;
            message.frame
        }))
    }

    /// The next message that is not a heartbeat.
    pub async fn next_frame(&mut self) -> Frame {
        loop {
            match self.next().await {
                Ok(Some(Frame::Heartbeat(_))) => {}
                Ok(Some(frame)) => return frame,
                other => panic!("the stream ended: {other:?}"),
            }
        }
    }

    /// The next update.
    pub async fn update(&mut self) -> UpdateData {
        match self.next_frame().await {
            Frame::Update(update) => update,
            other => panic!("an update was expected: {other:?}"),
        }
    }

    /// The next update, which is of a task.
    pub async fn task(&mut self) -> (UpdateAction, Task) {
        let update = self.update().await;
        match update.item {
            Some(Item::Task(ref task)) => (update.action(), task.clone()),
            other => panic!("an update of a task was expected: {other:?}"),
        }
    }
}
