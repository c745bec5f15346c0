use std::time::Duration;

use domain::CorrelationId;
use futures::Stream;
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use proto::v1::stream_updates_response::Frame as Kind;
use proto::v1::{
    ResyncReason, StreamHeartbeat, StreamReady, StreamResyncRequired, StreamUpdatesRequest,
    StreamUpdatesResponse, UpdateData,
};
use service_kit::{ApiError, Context, ErrorKind, Kit, Seal};
use tonic::Status;

use super::UpdateGrpc;
use crate::{
    cursor::Cursor,
    hub::{Item, Subscription},
    position::Fingerprint,
};

/// An open stream, and what it has still to say.
pub(super) struct UpdateStream {
    kit: Kit,
    seal: Seal,
    subscription: Subscription,
    correlation_id: CorrelationId,
    expires_at: Timestamp,
    heartbeat: SignedDuration,
    sent_at: Timestamp,
    resync: Option<ResyncReason>,
    step: Step,
}

/// What comes next.
#[derive(Debug, Clone, Copy)]
enum Step {
    Ready,
    Resync,
    Live,
    Ended,
}

/// What ends the wait for an update.
enum Wake {
    Item(Option<Item>),
    Time,
    Drain,
}

type Answer = Result<StreamUpdatesResponse, Status>;

/// Opens a stream. It begins where the cursor ends, if it can.
pub(super) fn open(
    api: &UpdateGrpc,
    context: &Context,
    request: &StreamUpdatesRequest,
) -> Result<UpdateStream, ApiError> {
    if !api.catch_up.is_done() {
        let catching_up = ApiError::new(ErrorKind::Unavailable);
        return Err(catching_up.with_message("this replica is still catching up"));
    }
    let (user, now) = (&context.user, api.kit.now());
    let seal = api.kit.seal()?;
    let cursor = Some(request.cursor.as_str()).filter(|text| !text.is_empty());
    let cursor = cursor
        .map(|text| Cursor::open(&seal, user, text))
        .transpose();
    let known = cursor.as_ref().ok().and_then(Option::as_ref);
    let subscription = api
        .hub
        .subscribe(user, known, now)
        .map_err(|error| ApiError::new(ErrorKind::RateLimited).with_message(error.to_string()))?;
    let resync = match cursor {
        Ok(_) => subscription.opening().resync,
        Err(_) => Some(ResyncReason::CursorUnknown),
    };
    let heartbeat = SignedDuration::try_from(api.hub.config().heartbeat);
    metrics::gauge!("errand_streams").increment(1);
    Ok(UpdateStream {
        kit: api.kit.clone(),
        seal,
        subscription,
        correlation_id: context.correlation_id.clone(),
        expires_at: context.token_expires_at.unwrap_or(Timestamp::MAX),
        heartbeat: heartbeat.unwrap_or(SignedDuration::MAX),
        sent_at: now,
        resync,
        step: Step::Ready,
    })
}

impl UpdateStream {
    /// The frames.
    pub(super) fn into_stream(self) -> impl Stream<Item = Answer> + Send {
        futures::stream::unfold(self, |mut stream| async move {
            let answer = stream.next().await?;
            Some((answer, stream))
        })
    }

    async fn next(&mut self) -> Option<Answer> {
        let opening = &self.subscription.opening().cursor;
        match self.step {
            Step::Ready => {
                let ready = StreamReady {
                    resumed: self.subscription.opening().resumed,
                };
                let answer = self.frame(Kind::Ready(ready), opening);
                self.step = if self.resync.is_some() {
                    Step::Resync
                } else {
                    Step::Live
                };
                Some(Ok(answer))
            }
            Step::Resync => {
                let answer = self.resync(self.resync.unwrap_or_default(), opening);
                self.step = Step::Live;
                Some(Ok(answer))
            }
            Step::Live => Some(self.next_live().await),
            Step::Ended => None,
        }
    }

    async fn next_live(&mut self) -> Answer {
        loop {
            let silence_ends = self.sent_at.saturating_add(self.heartbeat);
            let wake = self.wait(silence_ends.unwrap_or(Timestamp::MAX)).await;
            // Whatever woke it, nothing goes out with a token that has expired.
            if self.expires_at <= self.kit.now() {
                return self.end(&ApiError::new(ErrorKind::TokenExpired));
            }
            let answer = match wake {
                Wake::Drain => return self.end(&draining(&self.subscription)),
                Wake::Item(Some(Item::Update(frame))) => match UpdateData::decode(&*frame.update) {
                    Ok(update) => self.frame(Kind::Update(update), &frame.cursor()),
                    Err(error) => return self.end(&ApiError::internal(error)),
                },
                Wake::Item(Some(Item::Resync(reason, end))) => self.resync(reason, &end),
                Wake::Item(None) => {
                    self.step = Step::Ended;
                    let end = self.subscription.end(self.kit.now());
                    self.resync(ResyncReason::SlowClient, &end)
                }
                Wake::Time => match self.subscription.cursor_if_idle(self.kit.now()) {
                    Some(end) => self.frame(Kind::Heartbeat(StreamHeartbeat {}), &end),
                    None => continue,
                },
            };
            self.sent_at = self.kit.now();
            return Ok(answer);
        }
    }

    /// Waits for an update, for the time of a heartbeat or of the token's end, or for the drain. What
    /// is queued goes before a heartbeat, so that a heartbeat never stands for something unsent.
    async fn wait(&mut self, silence_ends: Timestamp) -> Wake {
        let clock = self.kit.clock();
        tokio::select! {
            biased;
            () = self.kit.lifecycle().draining() => Wake::Drain,
            item = self.subscription.next() => Wake::Item(item),
            () = clock.sleep_until(silence_ends.min(self.expires_at)) => Wake::Time,
        }
    }

    fn resync(&self, reason: ResyncReason, cursor: &Cursor) -> StreamUpdatesResponse {
        metrics::counter!("errand_stream_resyncs_total", "reason" => reason.as_str_name())
            .increment(1);
        let resync = StreamResyncRequired {
            reason: reason.into(),
        };
        self.frame(Kind::ResyncRequired(resync), cursor)
    }

    fn frame(&self, kind: Kind, cursor: &Cursor) -> StreamUpdatesResponse {
        let cursor = cursor.seal(&self.seal, self.subscription.user());
        StreamUpdatesResponse {
            frame: Some(kind),
            cursor,
        }
    }

    fn end(&mut self, error: &ApiError) -> Answer {
        self.step = Step::Ended;
        Err(error.to_status(Some(&self.correlation_id)))
    }
}

impl Drop for UpdateStream {
    fn drop(&mut self) {
        metrics::gauge!("errand_streams").decrement(1);
    }
}

/// The replica is about to end. Its clients come back to others, spread over two seconds.
fn draining(subscription: &Subscription) -> ApiError {
    let spread = Fingerprint::of(subscription.user().as_str()).0 % 2_000;
    let ending = ApiError::new(ErrorKind::Unavailable).with_message("this replica is ending");
    ending.with_retry_after(Duration::from_millis(100 + u64::from(spread)))
}
