//! Many threads at once: updates come in while clients leave and come back.

use std::thread;

use futures::executor::block_on;

use super::*;

const UPDATES: i64 = 3_000;
const PARTITIONS: i32 = 3;

/// Reads its user's updates up to the last and breaks off after every `stay` of them; each time it
/// comes back with the cursor of the last it has seen.
fn read_with_breaks(mut subscription: Subscription, stay: usize) -> Vec<String> {
    let mut seen = Vec::new();
    loop {
        let mut cursor = subscription.opening().cursor.clone();
        for _ in 0..stay {
            let Some(Item::Update(frame)) = block_on(subscription.next()) else {
                panic!("nothing was missed, and the client is not slow")
            };
            seen.push(String::from_utf8(frame.update.to_vec()).unwrap());
            cursor = frame.cursor();
            if frame.position.offset == UPDATES - 1 {
                return seen;
            }
        }
        let (hub, owner) = (Arc::clone(&subscription.hub), subscription.user().clone());
        drop(subscription);
        subscription = hub.subscribe(&owner, Some(&cursor), start()).unwrap();
        assert!(subscription.opening().resumed);
    }
}

#[test]
fn no_update_is_lost_or_doubled_between_what_was_missed_and_what_is_live() {
    let whole = usize::try_from(UPDATES).unwrap();
    let hub = Hub::new(RealtimeConfig {
        queue: whole,
        replay: whole,
        ..RealtimeConfig::default()
    });
    thread::scope(|scope| {
        let mut readers = Vec::new();
        for partition in 0..PARTITIONS {
            for stay in [1, 2, 7, 100] {
                // It is there before the first update, so it has to see every one.
                let owner = user(&format!("user-{partition}"));
                let subscription = hub.subscribe(&owner, None, start()).unwrap();
                let reader = scope.spawn(move || read_with_breaks(subscription, stay));
                readers.push((partition, reader));
            }
        }
        for partition in 0..PARTITIONS {
            let hub = &hub;
            scope.spawn(move || {
                for offset in 0..UPDATES {
                    let arrival = arrival(partition, offset, &format!("user-{partition}"));
                    assert_eq!(hub.receive(arrival, start()), Receipt::Taken);
                }
            });
        }
        for (partition, reader) in readers {
            let expected: Vec<_> = (0..UPDATES)
                .map(|offset| format!("{partition}/{offset}"))
                .collect();
            assert_eq!(reader.join().unwrap(), expected);
        }
    });
    assert_eq!(hub.streams(), 0);
}
