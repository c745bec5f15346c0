//! Which events are kept, and for whom.

use super::*;

const FORGET_GROUPS_AFTER: Duration = Duration::from_hours(30 * 24);

#[tokio::test]
async fn old_events_go_once_every_group_has_passed_them() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    let partition = partition(&engine).await;
    let (fast, slow) = (join(&engine, "fast").await, join(&engine, "slow").await);
    engine
        .log()
        .append(TOPIC, records(&["one", "two", "three"]))
        .await
        .unwrap();
    engine.log().mark(&fast, &partition, 3);
    engine.log().mark(&slow, &partition, 1);

    engine.log().purge().await.unwrap();
    assert_eq!(events(&engine, 0).await.len(), 3, "nothing is old enough");

    hands.turn(RETENTION + Duration::from_secs(1));
    engine.log().append(TOPIC, records(&["new"])).await.unwrap();
    engine.log().purge().await.unwrap();
    assert_eq!(
        partition.first(),
        1,
        "the slow group has not passed the second event"
    );
    assert_eq!(
        engine.log().held_back().await.unwrap(),
        Duration::from_secs(1)
    );

    engine.log().mark(&slow, &partition, 4);
    engine.log().mark(&fast, &partition, 4);
    engine.log().purge().await.unwrap();
    assert_eq!(
        events(&engine, 0).await,
        named(&[(3, "new")]),
        "what is new stays"
    );
    assert_eq!(engine.log().held_back().await.unwrap(), Duration::ZERO);
    engine.close().await;
}

/// What a group has not passed is kept for as long as it has a member, and long after. A group that
/// is gone for good does not fill the disk for ever.
#[tokio::test]
async fn a_group_is_forgotten_when_it_has_had_no_member_for_long() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    let topic = engine.log().topic(TOPIC).await.unwrap();
    let behind = join(&engine, "behind").await;
    let _seat = engine.log().take_seat(&behind, &topic);
    let gone = join(&engine, "gone").await;
    drop(engine.log().take_seat(&gone, &topic));
    engine
        .log()
        .append(TOPIC, records(&["one", "two"]))
        .await
        .unwrap();
    engine.log().mark(&behind, &topic.partitions[0], 1);
    let look_for_an_hour = async || {
        for _ in 0..=121 {
            engine.log().purge().await.unwrap();
        }
    };

    hands.turn(FORGET_GROUPS_AFTER);
    look_for_an_hour().await;
    assert_eq!(topic.partitions[0].first(), 0, "it may still come back");

    hands.turn(Duration::from_secs(1));
    look_for_an_hour().await;
    let left = named(&[(1, "two")]);
    assert_eq!(events(&engine, 0).await, left, "what is behind is kept for");
    engine.close().await;
}

/// The machine may have been off for longer than a group may be away.
#[tokio::test]
async fn no_group_is_forgotten_before_its_services_had_time_to_start() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    join(&engine, "group").await;
    engine.log().append(TOPIC, records(&["one"])).await.unwrap();
    engine.close().await;

    hands.turn(FORGET_GROUPS_AFTER * 2);
    let engine = open(folder.path(), &hands).await;
    // What is forgotten at one look is deleted at the next.
    for _ in 0..2 {
        engine.log().purge().await.unwrap();
    }
    let group = join(&engine, "group").await;
    for _ in 0..=120 {
        engine.log().purge().await.unwrap();
    }
    assert_eq!(events(&engine, 0).await, named(&[(0, "one")]));
    assert_eq!(engine.log().position(&group, &*partition(&engine).await), 0);
    engine.close().await;
}

#[tokio::test]
async fn an_ephemeral_group_holds_nothing_back() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    let topic = engine.log().topic(TOPIC).await.unwrap();
    let group = engine.log().ephemeral_group();
    engine
        .log()
        .append(TOPIC, records(&["one", "two"]))
        .await
        .unwrap();
    engine.log().join_ephemeral(&group, &topic);
    assert_eq!(engine.log().position(&group, &topic.partitions[0]), 0);
    hands.turn(RETENTION + Duration::from_secs(1));
    engine.log().purge().await.unwrap();
    assert_eq!(events(&engine, 0).await, named(&[]));
    engine.close().await;
}

#[tokio::test]
async fn offsets_go_on_after_everything_was_purged() {
    let folder = TempDir::new().unwrap();
    let hands = Hands::default();
    let engine = open(folder.path(), &hands).await;
    engine
        .log()
        .append(TOPIC, records(&["one", "two"]))
        .await
        .unwrap();
    hands.turn(RETENTION + Duration::from_secs(1));
    engine.log().purge().await.unwrap();
    engine.close().await;

    let engine = open(folder.path(), &hands).await;
    assert_eq!(partition(&engine).await.first(), 2);
    engine
        .log()
        .append(TOPIC, records(&["three"]))
        .await
        .unwrap();
    assert_eq!(events(&engine, 0).await, named(&[(2, "three")]));
    engine.close().await;
}
