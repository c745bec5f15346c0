//! Reading all at once, while others go on.

use std::collections::BTreeMap;

use domain::{Event, Notification, NotificationId, Update, UpdateAction, UpdateItem};
use jiff::Timestamp;
use proto::v1;
use proto::v1::notification_service_server::NotificationService as _;
use service_kit::testing::Database;

use crate::{
    requests::{list, read},
    support::World,
};

service_kit::on_every_database!(
    reading_all_tells_the_screens_with_one_frame,
    one_that_is_told_by_a_clock_that_runs_behind_stays_unread,
    screens_show_what_is_stored_whatever_happens_at_once,
);

async fn read_all(world: &World, user: &str) -> i64 {
    let request = v1::MarkAllNotificationsReadRequest {};
    let request = world.test.request(user, request);
    let answer = world.grpc.mark_all_notifications_read(request).await;
    answer.unwrap().into_inner().count
}

async fn reading_all_tells_the_screens_with_one_frame(database: Database) {
    let mut world = World::new(database).await;
    let (_, first) = world.notify("alice").await;
    world.notify("alice").await;
    let (_, last) = world.notify("alice").await;
    let (_, others) = world.notify("bob").await;
    read(&world, &first).await;
    world.frames().await;
    world.advance(1);
    let item = UpdateItem::NotificationsRead {
        through: last.created_at,
    };
    let frame = Update {
        action: UpdateAction::Updated,
        item,
    };
    assert_eq!(read_all(&world, "alice").await, 2);
    assert_eq!(world.frames().await, [frame]);
    assert_eq!(read_all(&world, "alice").await, 0);
    assert_eq!(world.frames().await, []);
    let all = list(&world, "alice", v1::ListNotificationsRequest::default()).await;
    assert_eq!(all.unread_count, 0);
    assert_eq!(world.notification(&others).await, Some(others));
}

async fn one_that_is_told_by_a_clock_that_runs_behind_stays_unread(database: Database) {
    let mut world = World::new(database).await;
    world.notify("alice").await;
    assert_eq!(read_all(&world, "alice").await, 1);
    let first = through(&mut world).await;
    world.advance(-60);
    let (_, late) = world.notify("alice").await;
    assert_eq!(world.notification(&late).await, Some(late.clone()));
    assert!(first < late.created_at, "no screen takes it for read");
    assert_eq!(read_all(&world, "alice").await, 1);
    assert_eq!(through(&mut world).await, late.created_at);
}

/// The moment of the one frame that screens were sent last.
async fn through(world: &mut World) -> Timestamp {
    let frames = world.frames().await;
    match frames[..] {
        [
            Update {
                item: UpdateItem::NotificationsRead { through },
                ..
            },
        ] => through,
        _ => panic!("{frames:?}"),
    }
}

/// What a screen holds that followed every frame.
#[derive(Default)]
struct Screen(BTreeMap<NotificationId, Notification>);

impl Screen {
    fn show(&mut self, update: Update) {
        match (update.action, update.item) {
            (UpdateAction::Deleted, UpdateItem::Notification(told)) => {
                self.0.remove(&told.id);
            }
            (_, UpdateItem::Notification(told)) => {
                self.0.insert(told.id, *told);
            }
            (_, UpdateItem::NotificationsRead { through }) => {
                let all = self.0.values_mut();
                for told in all.filter(|told| told.created_at <= through) {
                    told.read_at = told.read_at.or(Some(through));
                }
            }
            (_, item) => panic!("{item:?}"),
        }
    }

    fn unread(&self) -> Vec<NotificationId> {
        let unread = self.0.values().filter(|told| told.read_at.is_none());
        unread.map(|told| told.id).collect()
    }
}

async fn screens_show_what_is_stored_whatever_happens_at_once(database: Database) {
    let mut world = World::new(database).await;
    let mut screen = Screen::default();
    for round in 1..=8 {
        let before = world.due().await.len();
        world.advance(60);
        for _ in 0..5 {
            world.task("alice", &[0]).await;
        }
        world.tick().await;
        let due: Vec<Event> = world.due().await.split_off(before);
        let [one, two, three, four, five] = &due[..] else {
            panic!("{due:?}")
        };
        tokio::join!(
            world.deliver(one),
            read_all(&world, "alice"),
            world.deliver(two),
            world.deliver(three),
            read_all(&world, "alice"),
            world.deliver(four),
            read_all(&world, "alice"),
            world.deliver(five),
        );
        for frame in world.frames().await {
            screen.show(frame);
        }
        let unread = v1::ListNotificationsRequest {
            unread_only: true,
            page_size: 100,
            ..Default::default()
        };
        let page = list(&world, "alice", unread).await;
        let mut stored: Vec<NotificationId> = page
            .notifications
            .iter()
            .map(|stored| stored.id.parse().unwrap())
            .collect();
        stored.sort();
        assert_eq!(screen.unread(), stored, "round {round}");
    }
    assert_eq!(screen.0.len(), 40, "each reminder was told");
}
