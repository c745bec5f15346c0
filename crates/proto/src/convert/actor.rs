use domain::{Actor, ValueError, Violations};

use super::{complete, required_choice};
use crate::v1;

impl From<&Actor> for v1::Actor {
    fn from(actor: &Actor) -> Self {
        Self {
            kind: v1::ActorKind::from(actor.kind).into(),
            id: actor.id.clone(),
            token_id: actor.token_id.clone().unwrap_or_default(),
        }
    }
}

/// Who caused an event. The violations name fields of the actor.
pub(crate) fn actor_from_wire(actor: v1::Actor) -> Result<Actor, Violations> {
    let mut violations = Violations::new();
    let kind = violations.take("kind", required_choice(actor.kind));
    if actor.id.is_empty() {
        violations.add("id", ValueError::Missing);
    }
    complete(violations, || {
        let token_id = Some(actor.token_id).filter(|token_id| !token_id.is_empty());
        Some(Actor {
            kind: kind?,
            id: actor.id,
            token_id,
        })
    })
}
