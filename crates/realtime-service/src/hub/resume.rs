//! What a client has missed since its cursor.

use std::{sync::Arc, time::Duration};

use domain::UserId;
use jiff::Timestamp;
use proto::v1::ResyncReason;

use super::{Frame, State, buffer::Follows};
use crate::{
    config::RealtimeConfig,
    cursor::Cursor,
    position::{Place, Position},
};

/// The user's updates after the cursor, in order; or why nobody here can tell them.
pub(super) fn missed(
    state: &State,
    user: &UserId,
    cursor: &Cursor,
    now: Timestamp,
    limits: &RealtimeConfig,
) -> Result<Vec<Arc<Frame>>, ResyncReason> {
    let age = Duration::try_from(now.duration_since(cursor.issued_at)).unwrap_or_default();
    if age > limits.retention {
        return Err(ResyncReason::CursorTooOld);
    }
    let behind = match &cursor.place {
        Place::Home(position) => home(state, user, *position)?,
        Place::Heads(positions) => heads(state, positions)?,
    };
    let is_missed = |frame: &&Arc<Frame>| {
        let mut behind = behind.iter();
        !behind.any(|behind| {
            behind.partition == frame.position.partition && frame.position.offset <= behind.offset
        })
    };
    let missed: Vec<_> = state
        .users
        .frames(user)
        .filter(is_missed)
        .cloned()
        .collect();
    if missed.len() > limits.replay {
        Err(ResyncReason::CursorTooOld)
    } else {
        Ok(missed)
    }
}

/// The cursor tells of the one partition that held the user's updates. If another one holds some,
/// the topic has been given more partitions since, and what lies between is not known.
fn home(state: &State, user: &UserId, position: Position) -> Result<Vec<Position>, ResyncReason> {
    check(state, position)?;
    let mut frames = state.users.frames(user);
    if frames.any(|frame| frame.position.partition != position.partition) {
        return Err(ResyncReason::Gap);
    }
    Ok(vec![position])
}

/// The cursor tells of all partitions, as the user's was not known.
fn heads(state: &State, positions: &[Position]) -> Result<Vec<Position>, ResyncReason> {
    for position in positions {
        check(state, *position)?;
    }
    let is_told = |partition| {
        positions
            .iter()
            .any(|position| position.partition == partition)
    };
    if state.partitions.keys().all(|partition| is_told(*partition)) {
        Ok(positions.to_vec())
    } else {
        Err(ResyncReason::Gap)
    }
}

fn check(state: &State, position: Position) -> Result<(), ResyncReason> {
    let buffer = state
        .partitions
        .get(&position.partition)
        .ok_or(ResyncReason::Gap)?;
    match buffer.follows(position) {
        Follows::Complete => Ok(()),
        Follows::Forgotten => Err(ResyncReason::CursorTooOld),
        Follows::NotOfThisLog => Err(ResyncReason::Gap),
    }
}
