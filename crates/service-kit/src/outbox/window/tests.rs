use domain::{AppId, CorrelationId, EventId};
use jiff::Timestamp;
use store::{OutboxEntry, shard_of};
use uuid::Uuid;

use super::*;

fn row(position: i64, user: &str, topic: Topic) -> OutboxRow {
    let user_id = UserId::parse(user).unwrap();
    OutboxRow {
        position,
        shard: shard_of(&user_id),
        sequence: position,
        attempts: 0,
        entry: OutboxEntry {
            event_id: EventId(Uuid::from_u128(u128::try_from(position).unwrap())),
            topic,
            user_id,
            occurred_at: Timestamp::UNIX_EPOCH,
            correlation_id: CorrelationId::parse("c").unwrap(),
            source: AppId::BackendApi,
            actor_json: "{}".into(),
            traceparent: None,
            data: "{}".into(),
        },
    }
}

fn window(rows: &[(i64, &str, Topic)]) -> Window {
    let mut window = Window::default();
    window.admit(
        rows.iter()
            .map(|(position, user, topic)| row(*position, user, *topic))
            .collect(),
    );
    window
}

fn positions(batch: &[Arc<OutboxRow>]) -> Vec<i64> {
    batch.iter().map(|row| row.position).collect()
}

fn next(window: &mut Window) -> Vec<Arc<OutboxRow>> {
    window.next_batch(100, 3_000_000, |_| true)
}

use Topic::{TaskCreated, TaskUpdates};

#[test]
fn a_batch_holds_one_event_a_user_and_one_topic() {
    let mut window = window(&[
        (1, "alice", TaskCreated),
        (2, "alice", TaskUpdates),
        (3, "alice", TaskCreated),
        (4, "bob", TaskCreated),
        (5, "bob", TaskUpdates),
    ]);
    let first = next(&mut window);
    assert_eq!(positions(&first), [1, 4]);
    let second = next(&mut window);
    assert_eq!(positions(&second), [2, 5], "another topic does not wait");
    assert!(
        next(&mut window).is_empty(),
        "the second of a lane waits for the first"
    );
    window.remove(&first);
    assert_eq!(positions(&next(&mut window)), [3]);
}

#[test]
fn a_released_row_goes_out_again_before_the_later_ones_of_its_lane() {
    let mut window = window(&[(1, "alice", TaskCreated), (2, "alice", TaskCreated)]);
    let first = next(&mut window);
    window.release(&first);
    assert_eq!(positions(&next(&mut window)), [1]);
}

#[test]
fn rows_and_bytes_are_bounded_but_one_row_always_goes() {
    let mut window = window(&[
        (1, "a", TaskCreated),
        (2, "b", TaskCreated),
        (3, "c", TaskCreated),
    ]);
    assert_eq!(
        positions(&window.next_batch(2, 3_000_000, |_| true)),
        [1, 2]
    );
    assert_eq!(positions(&window.next_batch(2, 1, |_| true)), [3]);
}

#[test]
fn closed_topics_are_left_alone() {
    let mut window = window(&[(1, "a", TaskCreated), (2, "b", TaskUpdates)]);
    let batch = window.next_batch(100, 3_000_000, |topic| topic != TaskCreated);
    assert_eq!(positions(&batch), [2]);
}

#[test]
fn a_row_is_admitted_once_and_a_lane_is_bounded() {
    let mut window = window(&[(1, "a", TaskCreated)]);
    let admitted = window.admit(vec![row(1, "a", TaskCreated), row(2, "a", TaskCreated)]);
    assert_eq!(
        admitted,
        Admitted {
            new: 1,
            left_out: false
        }
    );
    let many = (3..500)
        .map(|position| row(position, "a", TaskCreated))
        .collect();
    assert_eq!(
        window.admit(many),
        Admitted {
            new: LANE_ROWS - 2,
            left_out: true
        }
    );
    assert_eq!(window.len(), LANE_ROWS);
    let admitted = window.admit(vec![row(1000, "b", TaskCreated)]);
    assert_eq!(
        admitted,
        Admitted {
            new: 1,
            left_out: false
        }
    );
}

#[test]
fn a_parked_row_takes_its_lane_along_and_no_other() {
    let mut window = window(&[
        (1, "a", TaskCreated),
        (2, "a", TaskCreated),
        (3, "a", TaskUpdates),
        (4, "b", TaskCreated),
    ]);
    window.remove_lane_of(&row(1, "a", TaskCreated));
    assert_eq!(positions(&next(&mut window)), [3]);
    assert_eq!(positions(&next(&mut window)), [4]);
    assert_eq!(window.len(), 2);
}

#[test]
fn rows_of_lost_shards_go_unless_they_are_under_way() {
    let mut window = window(&[(1, "a", TaskCreated), (2, "b", TaskUpdates)]);
    let under_way = window.next_batch(100, 3_000_000, |topic| topic == TaskCreated);
    window.keep_shards(|_| false);
    assert_eq!(window.len(), 1);
    assert!(window.is_busy(under_way[0].shard));
    window.remove(&under_way);
    assert_eq!(window.len(), 0);
}
