use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{Payload, Topic};
use jiff::{SignedDuration, Timestamp};
use prost::Message as _;
use proto::convert::{WireContext, update_to_wire};
use proto::event::DecodeError;
use service_kit::{CANARY_TYPE, Delivered, FanOut, HandleError, Kit};

use crate::{
    catch_up::{Canary, CatchUp},
    hub::{Arrival, Content, Hub, Receipt},
    position::{Fingerprint, Position},
};

/// Takes every event of `task-updates` and gives it to the hub, encoded once for all who read it.
#[derive(Debug, Clone)]
pub struct TakeUpdates {
    kit: Kit,
    hub: Arc<Hub>,
    catch_up: CatchUp,
}

/// What a delivery was found to hold.
struct Found {
    happened_at: Option<Timestamp>,
    content: Content,
    problem: Option<HandleError>,
}

impl TakeUpdates {
    /// Gives updates to `hub`, and canaries to `catch_up`.
    pub fn new(kit: Kit, hub: Arc<Hub>, catch_up: CatchUp) -> Self {
        Self { kit, hub, catch_up }
    }

    fn update(&self, data: &[u8]) -> Result<Found, DecodeError> {
        let event = proto::event::decode(Topic::TaskUpdates, data)?;
        // The span of the delivery knows nothing of what is in it.
        tracing::Span::current().record("correlation_id", event.correlation_id.as_str());
        let age = Duration::try_from(self.kit.now().duration_since(event.occurred_at));
        metrics::histogram!("errand_update_age_seconds").record(age.unwrap_or_default());
        let trash_retention = SignedDuration::try_from(self.hub.config().trash_retention);
        let wire = WireContext {
            trash_retention: trash_retention.unwrap_or(SignedDuration::MAX),
        };
        let content = match event.payload {
            Payload::Updates(update) => {
                let update = update_to_wire(&update, &wire).encode_to_vec();
                Content::Update(event.user_id, update.into())
            }
            _ => Content::Unreadable,
        };
        Ok(Found {
            happened_at: Some(event.occurred_at),
            content,
            problem: None,
        })
    }

    /// A canary, of this replica or of another one. That of a relay carries nothing.
    fn canary(&self, data: &[u8], partition: i32) -> Found {
        let canary: Option<Canary> = serde_json::from_slice(data).ok();
        if let Some(canary) = &canary {
            self.catch_up.saw(canary, partition);
        }
        let happened_at = canary.and_then(|canary| canary.sent_at.try_into().ok());
        Found {
            happened_at,
            content: Content::Nothing,
            problem: None,
        }
    }
}

#[async_trait]
impl FanOut for TakeUpdates {
    async fn deliver(&self, delivered: Delivered<'_>) -> Result<(), HandleError> {
        let Some(place) = delivered.delivery.position else {
            return Err(HandleError::permanent(
                "the delivery tells no __partition and __offset",
            ));
        };
        let found = if delivered.event_type == CANARY_TYPE {
            self.canary(delivered.data, place.partition)
        } else {
            self.update(delivered.data).unwrap_or_else(|error| Found {
                happened_at: None,
                content: Content::Unreadable,
                problem: Some(HandleError::permanent(error.to_string())),
            })
        };
        let position = Position {
            partition: place.partition,
            offset: place.offset,
            fingerprint: Fingerprint::of(delivered.id),
        };
        let Found {
            happened_at,
            content,
            problem,
        } = found;
        let receipt = self.hub.receive(
            Arrival {
                position,
                happened_at,
                content,
            },
            self.kit.now(),
        );
        let label = match receipt {
            Receipt::Taken => "taken",
            Receipt::Duplicate => "duplicate",
            Receipt::Gap => "gap",
            Receipt::OfNewLog => "new log",
        };
        metrics::counter!("errand_updates_total", "receipt" => label).increment(1);
        if matches!(receipt, Receipt::Gap | Receipt::OfNewLog) {
            tracing::warn!(
                partition = place.partition,
                offset = place.offset,
                receipt = label,
                "updates were missed: the streams are told to read again"
            );
        }
        problem.map_or(Ok(()), Err)
    }
}
