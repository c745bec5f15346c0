//! The hub by itself: single cases here, any order of anything in `model`, many threads in `races`.

mod model;
mod races;

use futures::FutureExt as _;
use jiff::ToSpan as _;

use super::*;
use crate::position::Fingerprint;

const START: &str = "2026-11-21T12:00:00Z";

fn start() -> Timestamp {
    START.parse().unwrap()
}

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// An update of `user` whose bytes are its event's id.
fn arrival(partition: i32, offset: i64, owner: &str) -> Arrival {
    let id = format!("{partition}/{offset}");
    let position = Position {
        partition,
        offset,
        fingerprint: Fingerprint::of(&id),
    };
    Arrival {
        position,
        happened_at: Some(start()),
        content: Content::Update(user(owner), id.into()),
    }
}

fn cursor(place: Place) -> Cursor {
    Cursor {
        issued_at: start(),
        place,
    }
}

fn at(partition: i32, offset: i64) -> Position {
    let fingerprint = Fingerprint::of(&format!("{partition}/{offset}"));
    Position {
        partition,
        offset,
        fingerprint,
    }
}

/// What can be read from the stream without waiting. Resyncs are given as their reason.
fn read(subscription: &mut Subscription) -> Vec<String> {
    let mut read = Vec::new();
    while let Some(next) = subscription.next().now_or_never() {
        match next {
            Some(Item::Update(frame)) => {
                read.push(String::from_utf8(frame.update.to_vec()).unwrap());
            }
            Some(Item::Resync(reason, _)) => read.push(reason.as_str_name().to_owned()),
            None => {
                read.push("end".to_owned());
                break;
            }
        }
    }
    read
}

fn resync_of(hub: &Arc<Hub>, owner: &str, place: Place) -> Option<ResyncReason> {
    let subscription = hub
        .subscribe(&user(owner), Some(&cursor(place)), start())
        .unwrap();
    assert_eq!(
        subscription.opening().resumed,
        subscription.opening().resync.is_none()
    );
    subscription.opening().resync
}

#[test]
fn each_user_gets_their_own_updates_once() {
    let hub = Hub::new(RealtimeConfig::default());
    let mut alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    let mut bob = hub.subscribe(&user("bob"), None, start()).unwrap();
    assert_eq!(hub.receive(arrival(0, 7, "alice"), start()), Receipt::Taken);
    assert_eq!(hub.receive(arrival(0, 8, "bob"), start()), Receipt::Taken);
    assert_eq!(
        hub.receive(arrival(0, 7, "alice"), start()),
        Receipt::Duplicate
    );
    assert_eq!(
        hub.receive(arrival(0, 8, "bob"), start()),
        Receipt::Duplicate
    );
    assert_eq!(read(&mut alice), ["0/7"]);
    assert_eq!(read(&mut bob), ["0/8"]);
}

#[test]
fn a_missing_offset_is_told_to_the_streams_it_may_concern() {
    let hub = Hub::new(RealtimeConfig::default());
    let mut here = hub.subscribe(&user("here"), None, start()).unwrap();
    let mut elsewhere = hub.subscribe(&user("elsewhere"), None, start()).unwrap();
    let mut unknown = hub.subscribe(&user("unknown"), None, start()).unwrap();
    hub.receive(arrival(0, 0, "here"), start());
    hub.receive(arrival(1, 0, "elsewhere"), start());
    assert_eq!(hub.receive(arrival(0, 2, "here"), start()), Receipt::Gap);
    assert_eq!(read(&mut here), ["0/0", "RESYNC_REASON_GAP"]);
    assert_eq!(read(&mut elsewhere), ["1/0"]);
    assert_eq!(read(&mut unknown), ["RESYNC_REASON_GAP"]);
    hub.receive(arrival(0, 3, "here"), start());
    assert_eq!(read(&mut here), ["0/3"]);
    for forgotten in 0..=1 {
        let reason = resync_of(&hub, "here", Place::Home(at(0, forgotten)));
        assert_eq!(reason, Some(ResyncReason::CursorTooOld));
    }
    assert_eq!(resync_of(&hub, "here", Place::Home(at(0, 2))), None);
}

#[test]
fn an_unreadable_event_is_as_good_as_missing() {
    let hub = Hub::new(RealtimeConfig::default());
    let mut alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    hub.receive(arrival(0, 0, "alice"), start());
    let unreadable = Arrival {
        content: Content::Unreadable,
        ..arrival(0, 1, "alice")
    };
    assert_eq!(hub.receive(unreadable.clone(), start()), Receipt::Gap);
    assert_eq!(hub.receive(unreadable, start()), Receipt::Duplicate);
    hub.receive(arrival(0, 2, "alice"), start());
    assert_eq!(read(&mut alice), ["0/0", "RESYNC_REASON_GAP", "0/2"]);
    let before = resync_of(&hub, "alice", Place::Home(at(0, 0)));
    assert_eq!(before, Some(ResyncReason::CursorTooOld));
    assert_eq!(resync_of(&hub, "alice", Place::Home(at(0, 1))), None);
}

#[test]
fn a_log_that_was_made_anew_is_noticed() {
    let hub = Hub::new(RealtimeConfig {
        buffer_entries: 2,
        ..RealtimeConfig::default()
    });
    for offset in 0..4 {
        hub.receive(arrival(0, offset, "alice"), start());
    }
    let mut alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    // Offset 3 is still here, under another id; offset 0 is not, but nothing so young was ever there.
    let mut other = arrival(0, 3, "alice");
    other.position.fingerprint = Fingerprint::of("another");
    assert_eq!(hub.receive(other, start()), Receipt::OfNewLog);
    let younger = Arrival {
        happened_at: Some(start() + 1.second()),
        ..arrival(0, 0, "alice")
    };
    assert_eq!(hub.receive(younger, start()), Receipt::OfNewLog);
    assert_eq!(read(&mut alice), ["RESYNC_REASON_GAP", "RESYNC_REASON_GAP"]);
    assert_eq!(
        resync_of(&hub, "alice", Place::Home(at(0, 3))),
        Some(ResyncReason::Gap)
    );
}

#[test]
fn a_stream_goes_on_after_its_cursor() {
    let hub = Hub::new(RealtimeConfig::default());
    for offset in 0..3 {
        hub.receive(arrival(0, offset, "alice"), start());
    }
    hub.receive(arrival(0, 3, "bob"), start());
    let place = Place::Home(at(0, 0));
    let mut alice = hub
        .subscribe(&user("alice"), Some(&cursor(place.clone())), start())
        .unwrap();
    let opening = Opening {
        resumed: true,
        resync: None,
        cursor: cursor(place),
    };
    assert_eq!(*alice.opening(), opening);
    assert_eq!(alice.cursor_if_idle(start()), None);
    hub.receive(arrival(0, 4, "alice"), start());
    assert_eq!(read(&mut alice), ["0/1", "0/2", "0/4"]);
    assert_eq!(
        alice.cursor_if_idle(start()),
        Some(cursor(Place::Home(at(0, 4))))
    );
}

#[test]
fn a_cursor_of_all_partitions_serves_a_user_without_updates() {
    let hub = Hub::new(RealtimeConfig::default());
    hub.receive(arrival(0, 5, "bob"), start());
    hub.receive(arrival(1, 9, "carol"), start());
    let alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    let heads = Place::Heads(vec![at(0, 5), at(1, 9)]);
    assert_eq!(alice.opening().cursor.place, heads);
    drop(alice);
    hub.receive(arrival(1, 10, "alice"), start());
    let mut alice = hub
        .subscribe(&user("alice"), Some(&cursor(heads)), start())
        .unwrap();
    assert_eq!(read(&mut alice), ["1/10"]);
    let partly = Place::Heads(vec![at(0, 5)]);
    assert_eq!(resync_of(&hub, "alice", partly), Some(ResyncReason::Gap));
}

#[test]
fn a_cursor_that_cannot_be_followed_says_why() {
    let hub = Hub::new(RealtimeConfig {
        buffer_entries: 2,
        replay: 1,
        ..RealtimeConfig::default()
    });
    for offset in 0..5 {
        hub.receive(arrival(0, offset, "alice"), start());
    }
    let home = |partition, offset| Place::Home(at(partition, offset));
    assert_eq!(resync_of(&hub, "alice", home(0, 4)), None);
    assert_eq!(resync_of(&hub, "alice", home(0, 3)), None);
    let too_many = resync_of(&hub, "alice", home(0, 2));
    assert_eq!(too_many, Some(ResyncReason::CursorTooOld));
    let forgotten = resync_of(&hub, "alice", home(0, 1));
    assert_eq!(forgotten, Some(ResyncReason::CursorTooOld));
    assert_eq!(
        resync_of(&hub, "alice", home(0, 5)),
        Some(ResyncReason::Gap)
    );
    assert_eq!(
        resync_of(&hub, "alice", home(3, 0)),
        Some(ResyncReason::Gap)
    );

    let late = start() + 15.minutes();
    let on_time = hub
        .subscribe(&user("alice"), Some(&cursor(home(0, 4))), late)
        .unwrap();
    assert!(on_time.opening().resumed);
    let late = late + 1.millisecond();
    let too_late = hub
        .subscribe(&user("alice"), Some(&cursor(home(0, 4))), late)
        .unwrap();
    assert_eq!(too_late.opening().resync, Some(ResyncReason::CursorTooOld));
}

#[test]
fn a_user_whose_partition_changed_is_told_to_read_again() {
    let hub = Hub::new(RealtimeConfig::default());
    let mut alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    hub.receive(arrival(0, 0, "alice"), start());
    hub.receive(arrival(1, 0, "alice"), start());
    assert_eq!(read(&mut alice), ["0/0", "1/0"]);
    assert_eq!(
        resync_of(&hub, "alice", Place::Home(at(0, 0))),
        Some(ResyncReason::Gap)
    );
}

#[test]
fn a_slow_client_is_cut_off_and_nobody_waits_for_it() {
    let hub = Hub::new(RealtimeConfig {
        queue: 2,
        ..RealtimeConfig::default()
    });
    let mut slow = hub.subscribe(&user("alice"), None, start()).unwrap();
    let mut quick = hub.subscribe(&user("alice"), None, start()).unwrap();
    let mut seen = Vec::new();
    for offset in 0..5 {
        hub.receive(arrival(0, offset, "alice"), start());
        seen.extend(read(&mut quick));
    }
    assert_eq!(seen, ["0/0", "0/1", "0/2", "0/3", "0/4"]);
    assert_eq!(hub.streams(), 1);
    assert_eq!(read(&mut slow), ["0/0", "0/1", "end"]);
    assert_eq!(slow.end(start()), cursor(Place::Home(at(0, 4))));
    drop((slow, quick));
    assert_eq!(hub.streams(), 0);
}

#[test]
fn streams_are_bounded_for_a_user_and_for_the_replica() {
    let limits = RealtimeConfig {
        streams_per_user: 1,
        streams: 2,
        ..RealtimeConfig::default()
    };
    let hub = Hub::new(limits);
    let alice = hub.subscribe(&user("alice"), None, start()).unwrap();
    let again = hub.subscribe(&user("alice"), None, start()).unwrap_err();
    assert_eq!(again, TooManyStreams::OfUser);
    let _bob = hub.subscribe(&user("bob"), None, start()).unwrap();
    let carol = hub.subscribe(&user("carol"), None, start()).unwrap_err();
    assert_eq!(carol, TooManyStreams::OfReplica);
    drop(alice);
    assert!(hub.subscribe(&user("alice"), None, start()).is_ok());
}

#[test]
fn what_is_kept_is_bounded_in_bytes_and_time_and_nothing_stays_behind() {
    let hub = Hub::new(RealtimeConfig {
        buffer_bytes: 10_000,
        ..RealtimeConfig::default()
    });
    for offset in 0..1_000 {
        hub.receive(arrival(0, offset, &format!("user-{offset}")), start());
    }
    let kept = hub.state().kept();
    assert!(
        (1..=10_000 / 100).contains(&kept),
        "{kept} updates are kept"
    );
    hub.receive(arrival(1, 0, "alice"), start() + 16.minutes());
    assert_eq!(hub.state().kept(), 1);
}

impl State {
    /// How many updates are kept; by the way, that the buffers and the users agree.
    fn kept(&self) -> usize {
        let of_users = self.users.kept();
        let of_buffers: usize = self.partitions.values().map(Buffer::frames).sum();
        assert_eq!(of_users, of_buffers);
        of_users
    }
}
