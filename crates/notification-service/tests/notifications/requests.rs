//! What a user does with notifications.

use domain::{Notification, Update, UpdateAction, UpdateItem};
use proto::v1;
use proto::v1::notification_service_server::NotificationService as _;
use service_kit::testing::Database;
use tonic::Code;

use crate::support::{World, fields, reason};

service_kit::on_every_database!(
    notifications_are_listed_newest_first_a_page_at_a_time,
    a_page_token_opens_its_own_list_alone,
    reading_one_twice_is_reading_it_once,
    a_deleted_one_is_gone_and_the_screens_know,
    another_users_notification_does_not_exist,
    every_invalid_field_is_named,
    a_deleted_account_takes_no_change,
);

pub async fn list(
    world: &World,
    user: &str,
    request: v1::ListNotificationsRequest,
) -> v1::ListNotificationsResponse {
    let request = world.test.request(user, request);
    world
        .grpc
        .list_notifications(request)
        .await
        .unwrap()
        .into_inner()
}

fn ids(page: &v1::ListNotificationsResponse) -> Vec<String> {
    page.notifications
        .iter()
        .map(|notification| notification.id.clone())
        .collect()
}

pub async fn read(world: &World, told: &Notification) -> v1::Notification {
    let request = v1::MarkNotificationReadRequest {
        id: told.id.to_string(),
    };
    let request = world.test.request(told.user_id.as_str(), request);
    let answer = world.grpc.mark_notification_read(request).await.unwrap();
    answer.into_inner().notification.unwrap()
}

async fn notifications_are_listed_newest_first_a_page_at_a_time(database: Database) {
    let mut world = World::new(database).await;
    let mut told = Vec::new();
    for number in 0..5 {
        told.push(world.notify("alice").await.1);
        // Two of them have the same moment.
        world.advance(i64::from(number != 2));
    }
    world.notify("bob").await;
    read(&world, &told[1]).await;
    let mut expected = told.clone();
    expected.sort_by_key(|one| std::cmp::Reverse((one.created_at, one.id)));
    for (unread_only, count) in [(false, 5), (true, 4)] {
        let expected: Vec<String> = expected
            .iter()
            .filter(|one| !unread_only || one.id != told[1].id)
            .map(|one| one.id.to_string())
            .collect();
        let mut listed = Vec::new();
        let mut request = v1::ListNotificationsRequest {
            unread_only,
            page_size: 2,
            ..Default::default()
        };
        loop {
            let page = list(&world, "alice", request.clone()).await;
            assert_eq!(page.unread_count, 4);
            assert!(page.notifications.len() <= 2);
            listed.extend(ids(&page));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(listed.len(), count);
        assert_eq!(listed, expected);
    }
    let all = list(&world, "alice", v1::ListNotificationsRequest::default()).await;
    let shown = all
        .notifications
        .iter()
        .find(|one| one.id == told[0].id.to_string())
        .unwrap();
    assert_eq!(*shown, v1::Notification::from(&told[0]));
}

async fn a_page_token_opens_its_own_list_alone(database: Database) {
    let mut world = World::new(database).await;
    for _ in 0..2 {
        world.notify("alice").await;
    }
    let first = v1::ListNotificationsRequest {
        page_size: 1,
        ..Default::default()
    };
    let page_token = list(&world, "alice", first).await.next_page_token;
    assert!(!page_token.is_empty());
    let same = v1::ListNotificationsRequest {
        page_size: 1,
        page_token,
        ..Default::default()
    };
    let unread = v1::ListNotificationsRequest {
        unread_only: true,
        ..same.clone()
    };
    let forged = v1::ListNotificationsRequest {
        page_token: "forged".into(),
        ..same.clone()
    };
    for (user, request) in [("bob", same), ("alice", unread), ("alice", forged)] {
        let request = world.test.request(user, request);
        let refused = world.grpc.list_notifications(request).await.unwrap_err();
        assert_eq!(
            (refused.code(), &*reason(&refused)),
            (Code::InvalidArgument, "INVALID_PAGE_TOKEN")
        );
    }
}

async fn reading_one_twice_is_reading_it_once(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    world.advance(1);
    let first = read(&world, &told).await;
    let stored = world.notification(&told).await.unwrap();
    assert_eq!(first, v1::Notification::from(&stored));
    assert_eq!(
        (stored.read_at, stored.version),
        (Some(world.test.now()), 2)
    );
    let item = UpdateItem::Notification(Box::new(stored));
    assert_eq!(
        world.frames().await,
        [Update {
            action: UpdateAction::Updated,
            item
        }]
    );
    world.advance(1);
    assert_eq!(read(&world, &told).await, first);
    assert_eq!(world.frames().await, []);
}

async fn a_deleted_one_is_gone_and_the_screens_know(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    let request = || {
        let request = v1::DeleteNotificationRequest {
            id: told.id.to_string(),
        };
        world.test.request("alice", request)
    };
    world.grpc.delete_notification(request()).await.unwrap();
    let again = world.grpc.delete_notification(request()).await.unwrap_err();
    assert_eq!(
        (again.code(), &*reason(&again)),
        (Code::NotFound, "NOT_FOUND")
    );
    let item = UpdateItem::Notification(Box::new(Notification {
        version: 2,
        ..told.clone()
    }));
    assert_eq!(
        world.frames().await,
        [Update {
            action: UpdateAction::Deleted,
            item
        }]
    );
    assert!(
        list(&world, "alice", v1::ListNotificationsRequest::default())
            .await
            .notifications
            .is_empty()
    );
}

async fn another_users_notification_does_not_exist(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    let (grpc, test, id) = (&world.grpc, &world.test, told.id.to_string());
    let read = v1::MarkNotificationReadRequest { id: id.clone() };
    let delete = v1::DeleteNotificationRequest { id: id.clone() };
    let when = v1::snooze_reminder_request::When::Delay("60s".parse().unwrap());
    let snooze = v1::SnoozeReminderRequest {
        notification_id: id,
        when: Some(when),
    };
    let refused = [
        grpc.mark_notification_read(test.request("bob", read))
            .await
            .unwrap_err(),
        grpc.delete_notification(test.request("bob", delete))
            .await
            .unwrap_err(),
        grpc.snooze_reminder(test.request("bob", snooze))
            .await
            .unwrap_err(),
    ];
    for status in refused {
        assert_eq!(
            (status.code(), status.message()),
            (Code::NotFound, "notification not found")
        );
    }
    assert!(
        list(&world, "bob", v1::ListNotificationsRequest::default())
            .await
            .notifications
            .is_empty()
    );
    assert_eq!(world.notification(&told).await, Some(told));
    assert_eq!(world.frames().await, []);
}

async fn every_invalid_field_is_named(database: Database) {
    let world = World::new(database).await;
    let (grpc, test) = (&world.grpc, &world.test);
    for id in ["", "7", "0198c5a27b7e7c3a9d0e3f1f5a6b7c8d"] {
        let read = v1::MarkNotificationReadRequest { id: id.into() };
        let read = grpc
            .mark_notification_read(test.request("alice", read))
            .await
            .unwrap_err();
        let delete = v1::DeleteNotificationRequest { id: id.into() };
        let delete = grpc
            .delete_notification(test.request("alice", delete))
            .await
            .unwrap_err();
        for status in [read, delete] {
            assert_eq!(
                (status.code(), fields(&status)),
                (Code::InvalidArgument, vec!["id".into()])
            );
        }
    }
    let request = v1::ListNotificationsRequest {
        page_size: -1,
        ..Default::default()
    };
    let status = grpc
        .list_notifications(test.request("alice", request))
        .await
        .unwrap_err();
    assert_eq!(
        (status.code(), fields(&status)),
        (Code::InvalidArgument, vec!["page_size".into()])
    );
}

async fn a_deleted_account_takes_no_change(database: Database) {
    let mut world = World::new(database).await;
    let (_, told) = world.notify("alice").await;
    world.tombstone("alice").await;
    let request = v1::MarkNotificationReadRequest {
        id: told.id.to_string(),
    };
    let request = world.test.request("alice", request);
    let refused = world
        .grpc
        .mark_notification_read(request)
        .await
        .unwrap_err();
    let expected = (Code::FailedPrecondition, "ACCOUNT_DELETED");
    assert_eq!((refused.code(), &*reason(&refused)), expected);
    assert_eq!(world.notification(&told).await, Some(told));
}
