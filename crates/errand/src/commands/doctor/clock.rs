//! Whether this machine's clock can be believed.

use jiff::{SignedDuration, Timestamp};
use service_kit::Clock;
use store::{Store, StoreError};

use super::State;

/// How far two clocks may be apart. Leases last ten seconds, and tokens are given as many.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(2);

const MEND: &str =
    "Set the clock of this machine, and let it be kept: on Linux timedatectl set-ntp true.";

/// Compares this machine's clock with the database server's, and with what is in the data: a change
/// that is still to come was made by a clock that was ahead, or this one is behind.
pub(super) async fn clock(store: &Store, clock: &dyn Clock) -> State {
    let before = clock.now();
    match read(store).await {
        Ok((server, last_change)) => judge((before, clock.now()), server, last_change),
        Err(error) => super::unreadable(&error),
    }
}

async fn read(store: &Store) -> Result<(Option<Timestamp>, Option<Timestamp>), StoreError> {
    let read = store.read().await?;
    let server = read.server_clock().await?;
    Ok((server, read.last_change().await?))
}

/// The server's clock was read some time between the two readings of ours.
fn judge(
    (before, after): (Timestamp, Timestamp),
    server: Option<Timestamp>,
    last_change: Option<Timestamp>,
) -> State {
    if let Some(server) = server {
        let (ahead, behind) = (before.duration_since(server), server.duration_since(after));
        if TOLERANCE < ahead || TOLERANCE < behind {
            let (apart, how) = if behind < ahead {
                (ahead, "ahead of")
            } else {
                (behind, "behind")
            };
            return State::Attention(
                format!("this machine's is {apart:#} {how} the database's"),
                MEND.into(),
            );
        }
    }
    if let Some(change) = last_change {
        let ahead = change.duration_since(after);
        if TOLERANCE < ahead {
            return State::Attention(
                format!("it shows {after:.0}, and a task was changed at {change:.0}"),
                MEND.into(),
            );
        }
    }
    State::Good(match server {
        Some(_) => "that of the database shows the same".into(),
        None => "nothing in the data is later than now".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: &str = "2026-03-29T07:00:00Z";

    fn now() -> Timestamp {
        NOW.parse().unwrap()
    }

    fn after(seconds: i64) -> Timestamp {
        now() + SignedDuration::from_secs(seconds)
    }

    #[test]
    fn clocks_that_agree_are_good() {
        // An answer that took long says nothing of the clock.
        for server in [after(0), after(2), after(-2), after(30), after(32)] {
            let state = judge((now(), after(30)), Some(server), None);
            assert!(matches!(state, State::Good(_)), "{server}: {state:?}");
        }
        for change in [None, Some(after(-1000)), Some(after(2))] {
            let state = judge((now(), now()), None, change);
            assert!(matches!(state, State::Good(_)), "{change:?}: {state:?}");
        }
    }

    #[test]
    fn a_server_whose_clock_is_another_is_told_by_how_much() {
        for (server, said) in [
            (after(-3), "this machine's is 3s ahead of the database's"),
            (after(90), "this machine's is 1m 30s behind the database's"),
        ] {
            let state = judge((now(), now()), Some(server), None);
            assert_eq!(state, State::Attention(said.into(), MEND.into()));
        }
    }

    #[test]
    fn changes_that_are_still_to_come_are_told() {
        for server in [None, Some(now())] {
            let state = judge((now(), now()), server, Some(after(3600)));
            let said =
                "it shows 2026-03-29T07:00:00Z, and a task was changed at 2026-03-29T08:00:00Z";
            assert_eq!(state, State::Attention(said.into(), MEND.into()));
        }
    }
}
