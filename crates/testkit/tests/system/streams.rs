//! Live streams: broken off and resumed, too old, with a hole, too slow, out of date.

use std::time::Duration;

use domain::{AppId, Topic};
use jiff::SignedDuration;
use proto::v1::{
    ResyncReason, StreamUpdatesRequest, Task, UpdateAction, stream_updates_response::Frame,
};
use testkit::{Database, Disturbance, Plan, Updates, on_every_database, task};
use tonic::Code;
use tonic_types::StatusExt as _;

on_every_database!(
    a_stream_goes_on_at_the_other_replica,
    a_stream_goes_on_after_a_restart
);

async fn a_stream_goes_on_at_the_other_replica(database: Database) {
    let system = Plan::new(database).replicas(2).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    assert!(!screen.ready.resumed);
    let first = alice.create(task("First")).await;
    assert_eq!(screen.task().await.1, first);
    let cursor = screen.cursor.clone();
    drop(screen);

    let missed = alice.create(task("Missed")).await;
    let mut screen = alice.watch(1, &cursor).await;
    assert!(screen.ready.resumed);
    assert_eq!(screen.task().await, (UpdateAction::Created, missed));
    let live = alice.create(task("Live")).await;
    assert_eq!(screen.task().await.1, live);
    system.finish().await;
}

async fn a_stream_goes_on_after_a_restart(database: Database) {
    let mut system = Plan::new(database).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    let first = alice.create(task("First")).await;
    assert_eq!(screen.task().await.1, first);
    let cursor = screen.cursor.clone();
    system.kill_replica(AppId::RealtimeService, 0).await;
    assert!(screen.next().await.is_err(), "the stream breaks off");

    let missed = alice.create(task("Missed")).await;
    system.published().await;
    system.start_replica(AppId::RealtimeService, 0).await;
    let mut screen = alice.watch(0, &cursor).await;
    assert!(screen.ready.resumed);
    assert_eq!(screen.task().await.1, missed);
    system.finish().await;
}

#[tokio::test]
async fn a_stream_that_is_told_to_end_says_when_to_come_back() {
    let mut system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    system.stop_replica(AppId::RealtimeService, 0).await;
    let ended = screen.next().await.unwrap_err();
    assert_eq!(ended.code(), Code::Unavailable, "{ended}");
    assert!(ended.get_details_retry_info().is_some());
    system.start_replica(AppId::RealtimeService, 0).await;
    system.finish().await;
}

#[tokio::test]
async fn a_cursor_that_is_too_old_asks_for_a_resync() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    alice.create(task("First")).await;
    screen.task().await;
    let cursor = screen.cursor.clone();
    alice.create(task("Missed")).await;
    screen.task().await;
    drop(screen);
    system.turn(SignedDuration::from_mins(20));

    let mut screen = alice.watch(0, &cursor).await;
    assert!(!screen.ready.resumed);
    resync(&mut screen, ResyncReason::CursorTooOld).await;
    let live = alice.create(task("Live")).await;
    assert_eq!(screen.task().await.1, live);
    system.finish().await;
}

#[tokio::test]
async fn a_cursor_of_nobody_or_of_somebody_else_asks_for_a_resync() {
    let system = Plan::new(Database::Sqlite).start().await;
    let (alice, bob) = (system.user("alice"), system.user("bob"));
    let mut screen = bob.watch(0, "").await;
    bob.create(task("Bob's")).await;
    screen.task().await;
    for cursor in [screen.cursor.as_str(), "not a cursor", "AAAA"] {
        let mut screen = alice.watch(0, cursor).await;
        assert!(!screen.ready.resumed);
        resync(&mut screen, ResyncReason::CursorUnknown).await;
    }
    system.finish().await;
}

#[tokio::test]
async fn a_hole_in_a_partition_asks_for_a_resync() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    alice.create(task("First")).await;
    screen.task().await;
    let lost = system.disturb(1, Disturbance::Swallow, |call| {
        call.delivers(AppId::RealtimeService, Topic::TaskUpdates.name())
    });
    alice.create(task("Lost on the way")).await;
    lost.hit(1).await;
    let after = alice.create(task("After the hole")).await;
    resync(&mut screen, ResyncReason::Gap).await;
    // What the client lists now has everything; what comes next is live.
    assert_eq!(alice.list().await.len(), 3);
    let next = alice.create(task("Live again")).await;
    loop {
        let (_, task) = screen.task().await;
        if task.id == next.id {
            break;
        }
        assert_eq!(task.id, after.id);
    }
    system.finish().await;
}

#[tokio::test]
async fn a_slow_client_is_cut_off_and_blocks_nobody() {
    // More than client, server and queue hold back together.
    const UPDATES: usize = 120;
    let plan = Plan::new(Database::Sqlite).with(|settings| settings.realtime.queue = 8);
    let system = plan.start().await;
    let alice = system.user("alice");
    let mut slow = alice.watch(0, "").await;
    let mut quick = alice.watch(0, "").await;
    for number in 0..UPDATES {
        let large = Task {
            description: "x".repeat(10_000),
            ..task(&format!("Task {number}"))
        };
        let created = alice.create(large).await;
        assert_eq!(quick.task().await.1.id, created.id);
    }
    let mut seen = 0;
    loop {
        match slow.next_frame().await {
            Frame::Update(_) => seen += 1,
            Frame::ResyncRequired(resync) => {
                assert_eq!(resync.reason(), ResyncReason::SlowClient);
                break;
            }
            other => panic!("an update or a resync was expected: {other:?}"),
        }
    }
    assert!(seen < UPDATES, "it was not slow");
    assert!(slow.next().await.unwrap().is_none(), "the stream ends");
    system.finish().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_token() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice").with_lifetime(Duration::from_mins(2));
    let mut screen = alice.watch(0, "").await;
    system.turn(SignedDuration::from_mins(3));
    let ended = loop {
        match screen.next().await {
            Ok(Some(Frame::Heartbeat(_))) => {}
            Ok(other) => panic!("the stream goes on: {other:?}"),
            Err(status) => break status,
        }
    };
    assert_eq!(ended.code(), Code::Unauthenticated);
    assert_eq!(
        ended.get_details_error_info().unwrap().reason,
        "TOKEN_EXPIRED"
    );
    system.finish().await;
}

#[tokio::test]
async fn a_silent_stream_sends_heartbeats_that_move_its_cursor() {
    let system = Plan::new(Database::Sqlite).start().await;
    let alice = system.user("alice");
    let mut screen = alice.watch(0, "").await;
    for _ in 0..3 {
        system.turn(SignedDuration::from_secs(15));
        let frame = screen.next().await.unwrap();
        assert!(matches!(frame, Some(Frame::Heartbeat(_))), "{frame:?}");
        assert!(!screen.cursor.is_empty());
    }
    system.finish().await;
}

#[tokio::test]
async fn a_user_has_so_many_streams_and_no_more() {
    let plan = Plan::new(Database::Sqlite).with(|settings| settings.realtime.streams_per_user = 2);
    let system = plan.start().await;
    let alice = system.user("alice");
    let first = alice.watch(0, "").await;
    let _second = alice.watch(0, "").await;
    let mut updates = alice.updates_on(0);
    let refused = updates
        .stream_updates(StreamUpdatesRequest::default())
        .await;
    assert_eq!(refused.unwrap_err().code(), Code::ResourceExhausted);
    system.user("bob").watch(0, "").await;
    drop(first);
    testkit::eventually("room for another stream", async || {
        alice
            .updates_on(0)
            .stream_updates(StreamUpdatesRequest::default())
            .await
            .ok()
    })
    .await;
    system.finish().await;
}

async fn resync(screen: &mut Updates, reason: ResyncReason) {
    match screen.next_frame().await {
        Frame::ResyncRequired(resync) => assert_eq!(resync.reason(), reason),
        other => panic!("{reason:?} was expected: {other:?}"),
    }
}
