//! A replica of the service, and the topic that it reads.

use domain::{
    Actor, AppId, CorrelationId, Event, EventId, Payload, Update, UpdateAction, UpdateItem, UserId,
};
use jiff::{SignedDuration, Timestamp};
use service_kit::testing::{Database, TestKit};
use service_kit::{Delivered, Delivery, FanOut as _, HandleError};
use uuid::Uuid;

use super::super::*;
use crate::{TakeUpdates, catch_up::Canary, config::RealtimeConfig};

pub(super) type Updates = <UpdateGrpc as UpdateService>::StreamUpdatesStream;

/// A replica of the service, and the topic that it reads.
pub(super) struct Replica {
    pub(super) test: TestKit,
    pub(super) grpc: UpdateGrpc,
    pub(super) updates: TakeUpdates,
    pub(super) catch_up: CatchUp,
}

impl Replica {
    pub(super) async fn new(config: RealtimeConfig) -> Self {
        let replica = Self::catching_up(config).await;
        let canary = Canary {
            replica: Uuid::nil(),
            sent_at: replica.test.now().into(),
        };
        replica.catch_up.saw(&canary, 0);
        replica
    }

    /// It has one partition, from which its canary has not come back.
    pub(super) async fn catching_up(config: RealtimeConfig) -> Self {
        let test = TestKit::start(AppId::RealtimeService, Database::Sqlite).await;
        let catch_up = CatchUp::new(Uuid::nil(), 1);
        let hub = Hub::new(config);
        let updates = TakeUpdates::new(test.kit.clone(), Arc::clone(&hub), catch_up.clone());
        let grpc = UpdateGrpc::new(test.kit.clone(), hub, catch_up.clone());
        Self {
            test,
            grpc,
            updates,
            catch_up,
        }
    }

    pub(super) async fn open(&self, user: &str, cursor: &str) -> Result<Updates, Status> {
        self.open_until(user, cursor, None).await
    }

    pub(super) async fn open_until(
        &self,
        user: &str,
        cursor: &str,
        token_expires_at: Option<Timestamp>,
    ) -> Result<Updates, Status> {
        let message = v1::StreamUpdatesRequest {
            cursor: cursor.into(),
        };
        let mut request = self.test.request(user, message);
        let context = self.test.context(user);
        request.extensions_mut().insert(Context {
            token_expires_at,
            ..context
        });
        Ok(self.grpc.stream_updates(request).await?.into_inner())
    }

    /// Delivers a change of `user` at an offset, and gives what a client should see of it.
    pub(super) async fn deliver(&self, offset: i64, user: &str) -> v1::UpdateData {
        let update = Update {
            action: UpdateAction::Updated,
            item: UpdateItem::NotificationsRead {
                through: self.test.now() + SignedDuration::from_secs(offset),
            },
        };
        let expected = v1::UpdateData::from(&update);
        self.deliver_update(offset, user, update).await;
        expected
    }

    pub(super) async fn deliver_update(&self, offset: i64, user: &str, update: Update) {
        let event = Event {
            id: EventId(id(offset)),
            occurred_at: self.test.now(),
            user_id: UserId::parse(user).unwrap(),
            correlation_id: CorrelationId::from_uuid(id(offset)),
            sequence: offset + 1,
            source: AppId::BackendApi,
            actor: Actor::service(AppId::BackendApi),
            payload: Payload::Updates(update),
        };
        let data = proto::event::event_json(&event);
        self.deliver_raw(offset, "task.updates", &data)
            .await
            .unwrap();
    }

    pub(super) async fn deliver_raw(
        &self,
        offset: i64,
        event_type: &str,
        data: &[u8],
    ) -> Result<(), HandleError> {
        let position = Some(service_kit::Position {
            partition: 0,
            offset,
        });
        let delivery = Delivery {
            position,
            ..Delivery::default()
        };
        let id = id(offset).to_string();
        self.updates
            .deliver(Delivered {
                id: &id,
                event_type,
                data,
                delivery: &delivery,
            })
            .await
    }

    pub(super) fn advance(&self, duration: SignedDuration) {
        self.test.clock.advance(duration);
    }
}

pub(super) fn id(offset: i64) -> Uuid {
    Uuid::from_u128(0x0198_c5a2_7b7e_7c3a_9d0e_0000_0000_0000 + u128::from(offset.unsigned_abs()))
}
