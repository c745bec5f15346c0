//! Replicas, clients and a topic in which anything happens in any order: replicas lag, get events
//! twice, miss some, cannot read some, forget, restart; the topic is set back to an older state;
//! clients are slow, break off, and come back on another replica. Whatever happens, a client that
//! has read all there is knows every update of its user, and between two readings of its lists gets
//! none twice.

mod world;

use proptest::prelude::*;

use self::world::World;
use super::*;

const PARTITIONS: usize = 3;
const REPLICAS: usize = 2;
const CLIENTS: usize = 4;
const USERS: usize = 4;

#[derive(Debug, Clone, Copy)]
enum Step {
    Publish {
        user: usize,
        readable: bool,
    },
    Deliver {
        replica: usize,
        partition: usize,
        count: usize,
    },
    DeliverAgain {
        replica: usize,
        partition: usize,
        count: usize,
    },
    Lose {
        replica: usize,
        partition: usize,
    },
    Open {
        client: usize,
        replica: usize,
        with_cursor: bool,
    },
    Close {
        client: usize,
    },
    Read {
        client: usize,
        count: usize,
    },
    Heartbeat {
        client: usize,
    },
    Wait {
        seconds: i64,
    },
    Restart {
        replica: usize,
    },
    SetBack {
        partition: usize,
        events: usize,
        restart: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let (replica, partition, client) = (0..REPLICAS, 0..PARTITIONS, 0..CLIENTS);
    let part = (replica.clone(), partition.clone(), 1_usize..5);
    prop_oneof![
        12 => (0..USERS, prop::bool::weighted(0.95))
            .prop_map(|(user, readable)| Step::Publish { user, readable }),
        12 => part.clone().prop_map(|(replica, partition, count)| {
            Step::Deliver { replica, partition, count }
        }),
        2 => part.prop_map(|(replica, partition, count)| {
            Step::DeliverAgain { replica, partition, count }
        }),
        1 => (replica.clone(), partition.clone())
            .prop_map(|(replica, partition)| Step::Lose { replica, partition }),
        6 => (client.clone(), replica.clone(), prop::bool::weighted(0.8)).prop_map(
            |(client, replica, with_cursor)| Step::Open { client, replica, with_cursor }
        ),
        3 => client.clone().prop_map(|client| Step::Close { client }),
        12 => (client.clone(), 1_usize..5).prop_map(|(client, count)| Step::Read { client, count }),
        3 => client.prop_map(|client| Step::Heartbeat { client }),
        1 => (1_i64..1_200).prop_map(|seconds| Step::Wait { seconds }),
        1 => replica.prop_map(|replica| Step::Restart { replica }),
        1 => (partition, 1_usize..6, any::<bool>()).prop_map(|(partition, events, restart)| {
            Step::SetBack { partition, events, restart }
        }),
    ]
}

fn limits() -> impl Strategy<Value = RealtimeConfig> {
    (1_usize..12, 200_usize..2_000, 1_usize..6, 1_usize..5).prop_map(
        |(buffer_entries, buffer_bytes, replay, queue)| RealtimeConfig {
            buffer_entries,
            buffer_bytes,
            replay,
            queue,
            ..RealtimeConfig::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn a_client_gets_each_update_after_its_cursor_once_or_is_told_to_read_again(
        limits in limits(),
        steps in prop::collection::vec(step(), 1..150),
    ) {
        let mut world = World::new(limits);
        for step in steps {
            world.take(step);
        }
        world.settle();
    }
}
