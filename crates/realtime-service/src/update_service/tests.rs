//! Streams as a client sees them: frames, cursors, and how they end.

mod replica;

use domain::{Update, UpdateAction, UpdateItem};
use futures::{FutureExt as _, StreamExt as _};
use jiff::SignedDuration;
use proto::v1::stream_updates_response::Frame as Kind;
use proto::v1::{ResyncReason, StreamReady, StreamResyncRequired, StreamUpdatesResponse};
use service_kit::{CANARY_TYPE, Delivered, Delivery, FanOut as _, HandleError};
use tonic::Code;
use tonic_types::StatusExt as _;
use uuid::Uuid;

use self::replica::{Replica, Updates};
use super::*;
use crate::{catch_up::Canary, config::RealtimeConfig};

/// The next frame, which has to be there already: nothing in the service waits for a poll.
fn next(stream: &mut Updates) -> StreamUpdatesResponse {
    let next = stream.next().now_or_never().expect("a frame is there");
    next.expect("the stream goes on")
        .expect("the stream goes well")
}

fn ready(resumed: bool) -> Kind {
    Kind::Ready(StreamReady { resumed })
}

fn resync(reason: ResyncReason) -> Kind {
    Kind::ResyncRequired(StreamResyncRequired {
        reason: reason.into(),
    })
}

/// The status with which the stream ends now.
fn end(stream: &mut Updates) -> Status {
    let last = stream.next().now_or_never().expect("the stream ends");
    let status = last
        .expect("a status ends it")
        .expect_err("a failure ends it");
    assert!(
        stream
            .next()
            .now_or_never()
            .expect("nothing more comes")
            .is_none()
    );
    status
}

fn reason(status: &Status) -> String {
    status
        .get_error_details()
        .error_info()
        .unwrap()
        .reason
        .clone()
}

#[tokio::test]
async fn a_stream_begins_at_once_and_brings_what_happens() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    let first = next(&mut stream);
    assert_eq!(first.frame, Some(ready(false)));
    assert!(!first.cursor.is_empty());
    assert!(stream.next().now_or_never().is_none());
    let update = replica.deliver(0, "alice").await;
    replica.deliver(1, "bob").await;
    assert_eq!(next(&mut stream).frame, Some(Kind::Update(update)));
    assert!(stream.next().now_or_never().is_none());
}

#[tokio::test]
async fn a_cursor_goes_on_here_and_on_another_replica() {
    let replicas = [
        Replica::new(RealtimeConfig::default()).await,
        Replica::new(RealtimeConfig::default()).await,
    ];
    let mut expected = Vec::new();
    for offset in 0..4 {
        for replica in &replicas {
            expected.push(replica.deliver(offset, "alice").await);
        }
    }
    let mut stream = replicas[0].open("alice", "").await.unwrap();
    let begin = next(&mut stream).cursor;
    let update = replicas[0].deliver(4, "alice").await;
    replicas[1].deliver(4, "alice").await;
    let after = next(&mut stream);
    assert_eq!(after.frame, Some(Kind::Update(update.clone())));
    for replica in &replicas {
        let mut from_begin = replica.open("alice", &begin).await.unwrap();
        let first = next(&mut from_begin);
        assert_eq!(first.frame, Some(ready(true)));
        assert_eq!(next(&mut from_begin), after);
        assert!(from_begin.next().now_or_never().is_none());
        // The first frame of a stream that goes on does not run ahead of what is still to come.
        let mut from_first = replica.open("alice", &first.cursor).await.unwrap();
        assert_eq!(next(&mut from_first).frame, Some(ready(true)));
        assert_eq!(next(&mut from_first), after);
        let mut from_after = replica.open("alice", &after.cursor).await.unwrap();
        assert_eq!(next(&mut from_after).frame, Some(ready(true)));
        assert!(from_after.next().now_or_never().is_none());
    }
}

#[tokio::test]
async fn a_cursor_that_is_of_no_use_says_why_and_the_stream_goes_on() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    replica.deliver(0, "alice").await;
    let mut stream = replica.open("alice", "").await.unwrap();
    let cursor = next(&mut stream).cursor;
    let forged = format!("{}A", &cursor[..cursor.len() - 1]);
    for (user, cursor) in [("bob", &*cursor), ("alice", "forged"), ("alice", &*forged)] {
        let mut stream = replica.open(user, cursor).await.unwrap();
        assert_eq!(next(&mut stream).frame, Some(ready(false)));
        assert_eq!(
            next(&mut stream).frame,
            Some(resync(ResyncReason::CursorUnknown))
        );
        assert!(stream.next().now_or_never().is_none());
    }
    replica.advance(SignedDuration::from_mins(16));
    let mut stream = replica.open("alice", &cursor).await.unwrap();
    assert_eq!(next(&mut stream).frame, Some(ready(false)));
    let told = next(&mut stream);
    assert_eq!(told.frame, Some(resync(ResyncReason::CursorTooOld)));
    let update = replica.deliver(1, "alice").await;
    assert_eq!(next(&mut stream).frame, Some(Kind::Update(update)));
    let mut again = replica.open("alice", &told.cursor).await.unwrap();
    assert_eq!(next(&mut again).frame, Some(ready(true)));
}

#[tokio::test]
async fn silence_is_broken_by_a_heartbeat_every_15_seconds() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    next(&mut stream);
    replica.advance(SignedDuration::from_secs(14));
    assert!(stream.next().now_or_never().is_none());
    replica.deliver(0, "alice").await;
    assert!(matches!(next(&mut stream).frame, Some(Kind::Update(_))));
    replica.advance(SignedDuration::from_secs(14));
    assert!(stream.next().now_or_never().is_none());
    for _ in 0..2 {
        replica.advance(SignedDuration::from_secs(15));
        let heartbeat = next(&mut stream);
        assert!(matches!(heartbeat.frame, Some(Kind::Heartbeat(_))));
        let mut resumed = replica.open("alice", &heartbeat.cursor).await.unwrap();
        assert_eq!(next(&mut resumed).frame, Some(ready(true)));
        assert!(stream.next().now_or_never().is_none());
    }
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let expires_at = replica.test.now() + SignedDuration::from_secs(10);
    let mut stream = replica
        .open_until("alice", "", Some(expires_at))
        .await
        .unwrap();
    next(&mut stream);
    replica.advance(SignedDuration::from_millis(9_999));
    assert!(stream.next().now_or_never().is_none());
    // Not even what is queued goes out with a token that has expired.
    replica.deliver(0, "alice").await;
    replica.advance(SignedDuration::from_millis(1));
    let status = end(&mut stream);
    assert_eq!(
        (status.code(), &*reason(&status)),
        (Code::Unauthenticated, "TOKEN_EXPIRED")
    );
}

#[tokio::test]
async fn a_drain_sends_clients_elsewhere() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    next(&mut stream);
    replica.test.kit.lifecycle().drain();
    let status = end(&mut stream);
    assert_eq!(
        (status.code(), &*reason(&status)),
        (Code::Unavailable, "UNAVAILABLE")
    );
    assert!(status.get_error_details().retry_info().is_some());
}

#[tokio::test]
async fn a_slow_client_is_told_last_that_it_was_too_slow() {
    let config = RealtimeConfig {
        queue: 2,
        ..RealtimeConfig::default()
    };
    let replica = Replica::new(config).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    next(&mut stream);
    for offset in 0..3 {
        replica.deliver(offset, "alice").await;
    }
    assert!(matches!(next(&mut stream).frame, Some(Kind::Update(_))));
    assert!(matches!(next(&mut stream).frame, Some(Kind::Update(_))));
    let last = next(&mut stream);
    assert_eq!(last.frame, Some(resync(ResyncReason::SlowClient)));
    assert!(
        stream
            .next()
            .now_or_never()
            .expect("nothing more comes")
            .is_none()
    );
    let mut again = replica.open("alice", &last.cursor).await.unwrap();
    assert_eq!(next(&mut again).frame, Some(ready(true)));
    assert!(again.next().now_or_never().is_none());
}

#[tokio::test]
async fn what_cannot_be_read_and_what_is_missing_is_told_and_canaries_are_not() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    next(&mut stream);
    replica.deliver(0, "alice").await;
    assert!(matches!(next(&mut stream).frame, Some(Kind::Update(_))));
    let canary = Canary {
        replica: Uuid::from_u128(7),
        sent_at: replica.test.now().into(),
    };
    let canary = serde_json::to_vec(&canary).unwrap();
    replica.deliver_raw(1, CANARY_TYPE, &canary).await.unwrap();
    // That of a relay.
    replica.deliver_raw(2, CANARY_TYPE, b"{}").await.unwrap();
    assert!(stream.next().now_or_never().is_none());
    let refused = replica
        .deliver_raw(3, "task.updates", b"{}")
        .await
        .unwrap_err();
    assert!(matches!(refused, HandleError::Permanent(_)));
    assert_eq!(next(&mut stream).frame, Some(resync(ResyncReason::Gap)));
    replica.deliver(5, "alice").await;
    assert_eq!(next(&mut stream).frame, Some(resync(ResyncReason::Gap)));
    let update = replica.deliver(6, "alice").await;
    assert_eq!(next(&mut stream).frame, Some(Kind::Update(update)));
}

#[tokio::test]
async fn a_delivery_without_its_place_becomes_a_dead_letter() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let delivery = Delivery::default();
    let delivered = Delivered {
        id: "1",
        event_type: "task.updates",
        data: b"{}",
        delivery: &delivery,
    };
    let refused = replica.updates.deliver(delivered).await.unwrap_err();
    assert!(matches!(refused, HandleError::Permanent(_)));
}

#[tokio::test]
async fn the_end_of_an_account_reaches_its_screens() {
    let replica = Replica::new(RealtimeConfig::default()).await;
    let mut stream = replica.open("alice", "").await.unwrap();
    next(&mut stream);
    let deleted_at = replica.test.now();
    let item = UpdateItem::AccountDeleted { deleted_at };
    let update = Update {
        action: UpdateAction::Deleted,
        item,
    };
    let expected = v1::UpdateData::from(&update);
    replica.deliver_update(0, "alice", update).await;
    assert_eq!(next(&mut stream).frame, Some(Kind::Update(expected)));
}

#[tokio::test]
async fn no_stream_opens_before_the_replica_has_caught_up() {
    let replica = Replica::catching_up(RealtimeConfig::default()).await;
    let refused = replica.open("alice", "").await.err().unwrap();
    assert_eq!(
        (refused.code(), &*reason(&refused)),
        (Code::Unavailable, "UNAVAILABLE")
    );
    assert!(refused.get_error_details().retry_info().is_some());
    let canary = Canary {
        replica: Uuid::nil(),
        sent_at: replica.test.now().into(),
    };
    let canary = serde_json::to_vec(&canary).unwrap();
    replica.deliver_raw(0, CANARY_TYPE, &canary).await.unwrap();
    assert!(replica.open("alice", "").await.is_ok());
}

#[tokio::test]
async fn a_user_has_a_bounded_number_of_streams() {
    let config = RealtimeConfig {
        streams_per_user: 2,
        ..RealtimeConfig::default()
    };
    let replica = Replica::new(config).await;
    let _first = replica.open("alice", "").await.unwrap();
    let second = replica.open("alice", "").await.unwrap();
    let refused = replica.open("alice", "").await.err().unwrap();
    assert_eq!(
        (refused.code(), &*reason(&refused)),
        (Code::ResourceExhausted, "RATE_LIMITED")
    );
    assert!(refused.get_error_details().retry_info().is_some());
    assert!(replica.open("bob", "").await.is_ok());
    drop(second);
    assert!(replica.open("alice", "").await.is_ok());
}
