//! Whether publishing works, whatever an event is like.

use std::collections::HashMap;

use crate::{kit::Kit, sidecar_client::OutboundEvent, topics::canary_topic};

/// The `cloudevent.type` of a probe.
const EVENT_TYPE: &str = "errand.probe";

/// Publishes an event that nothing can be wrong with, to the topic of this service's canary. If that fails the world is
/// down, and no event is to blame.
pub(super) async fn publishing_works(kit: &Kit) -> bool {
    let event = OutboundEvent {
        entry_id: "probe".to_owned(),
        data: b"{}".to_vec(),
        metadata: HashMap::from([("cloudevent.type".to_owned(), EVENT_TYPE.to_owned())]),
    };
    kit.sidecar().publish(&kit.config().sidecar.pubsub, &canary_topic(kit.app()), event).await.is_ok()
}
