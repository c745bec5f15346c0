//! Live streams of two replicas, each of which takes every update.

use e2e::System;
use proto::v1::{ResyncReason, UpdateAction, stream_updates_response::Frame};
use testkit::{Updates, task};

#[tokio::test]
async fn a_stream_goes_on_at_the_other_replica_and_back() {
    let system = System::found();
    let user = system.user("streams-resume").await;
    let mut screen = user.watch(0, "").await.unwrap();
    assert!(!screen.ready.resumed);
    for replica in [1, 0, 1] {
        let seen = user.create(0, task("Seen")).await.unwrap();
        assert_eq!(screen.task().await, (UpdateAction::Created, seen));
        let cursor = screen.cursor.clone();
        drop(screen);
        let missed = user.create(1, task("Missed")).await.unwrap();
        screen = user.watch(replica, &cursor).await.unwrap();
        assert!(screen.ready.resumed);
        assert_eq!(screen.task().await, (UpdateAction::Created, missed));
    }
}

#[tokio::test]
async fn a_cursor_from_which_nothing_was_missed_goes_on_in_silence() {
    let system = System::found();
    let user = system.user("streams-nothing-missed").await;
    let mut screen = user.watch(0, "").await.unwrap();
    let first = user.create(0, task("First")).await.unwrap();
    assert_eq!(screen.task().await.1, first);
    // The same update reaches each replica in its own time.
    let mut other = user.watch(1, &screen.cursor).await.unwrap();
    let next = user.create(0, task("Next")).await.unwrap();
    for screen in [&mut screen, &mut other] {
        assert_eq!(screen.task().await.1, next);
    }
}

#[tokio::test]
async fn a_cursor_of_nobody_or_of_somebody_else_asks_for_a_resync_everywhere() {
    let system = System::found();
    let user = system.user("streams-foreign").await;
    let other = system.user("streams-foreign-other").await;
    let mut screen = other.watch(0, "").await.unwrap();
    other.create(0, task("Theirs")).await.unwrap();
    screen.task().await;
    for cursor in [screen.cursor.as_str(), "not a cursor", "AAAA"] {
        for replica in 0..system.replicas() {
            let mut screen = user.watch(replica, cursor).await.unwrap();
            assert!(!screen.ready.resumed);
            resync(&mut screen, ResyncReason::CursorUnknown).await;
            // What this replica had yet to hear of may come first.
            let own = user.create(0, task("Live all the same")).await.unwrap();
            while screen.task().await.1 != own {}
        }
    }
}

async fn resync(screen: &mut Updates, reason: ResyncReason) {
    match screen.next_frame().await {
        Frame::ResyncRequired(resync) => assert_eq!(resync.reason(), reason),
        other => panic!("{reason:?} was expected: {other:?}"),
    }
}
