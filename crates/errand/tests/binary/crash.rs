//! Nothing is lost, doubled or half done when the process is killed again and again.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use e2e::{Journal, Trail, Writer, say, seed};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::{
    sync::Semaphore,
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    client::left,
    process::{Home, Up, eventually, free_ports},
};

/// How many changes are asked for.
const CHANGES: usize = 500;

/// By how many users at the same time.
const USERS: usize = 8;

/// How often the process is killed meanwhile.
const KILLS: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_survives_twenty_kills() {
    let began = Instant::now();
    let seed = seed();
    say(&format!("crash: ERRAND_TEST_SEED={seed}"));
    let home = Home::new();
    let (data, base) = (home.data(), free_ports());

    let allowance = Arc::new(Allowance::new(CHANGES));
    let mut writers = JoinSet::new();
    let mut users = Vec::new();
    for number in 0..USERS {
        let user = home.user(&format!("user-{number}"), &data, base).await;
        let random = StdRng::seed_from_u64(seed ^ (number as u64 + 1));
        // A reminder that goes off while the process ends would be another test's.
        let writer = Writer::new(user.clone(), 0, random, Duration::ZERO);
        let allowance = Arc::clone(&allowance);
        writers.spawn(async move { (number, write(writer, &allowance).await) });
        users.push(user);
    }

    let mut random = StdRng::seed_from_u64(seed);
    for _ in 0..KILLS {
        let up = home.spawn(&data, base);
        live_and_die(up, &mut random, &allowance).await;
    }
    let mut up = home.spawn(&data, base);
    up.ready().await;
    allowance.grant(CHANGES - KILLS * (CHANGES / (KILLS + 1)));
    let killed = began.elapsed().as_secs_f64();
    let mut journals = writers.join_all().await;
    journals.sort_by_key(|(number, _)| *number);
    let answered = began.elapsed().as_secs_f64();

    let (mut acknowledged, mut unknown) = (0, 0);
    for (user, (_, journal)) in users.iter().zip(&journals) {
        let trail = Trail::settled(user).await;
        trail.assert_whole(user.name());
        journal.assert_told_by(&trail);
        acknowledged += journal.acknowledged();
        unknown += journal.unknown();
    }
    assert_eq!(acknowledged + unknown, CHANGES);
    let told = began.elapsed().as_secs_f64();
    eventually("an empty outbox", async || {
        left(&data).await.outbox.is_empty().then_some(())
    })
    .await;
    assert_eq!(up.terminate().await, Some(0));
    let now = left(&data).await;
    assert!(now.is_nothing(), "{now:?}");
    say(&format!(
        "crash: {acknowledged} changes acknowledged, {unknown} unknown, {KILLS} kills; \
         killed for {killed:.1} s, all answered after {answered:.1} s, all told after {told:.1} s, \
         done after {:.1} s",
        began.elapsed().as_secs_f64()
    ));
}

/// One life of the process: some changes are asked for, and at a random moment it is killed: while
/// it starts, while it works on them, or while it hands on the events.
async fn live_and_die(mut up: Up, random: &mut StdRng, allowance: &Allowance) {
    let share = CHANGES / (KILLS + 1);
    let millis = |random: &mut StdRng, most| Duration::from_millis(random.random_range(0..most));
    match random.random_range(0..5) {
        0 => {
            allowance.grant(share);
            sleep(millis(random, 700)).await;
        }
        1..=2 => {
            up.ready().await;
            allowance.grant(share);
            sleep(millis(random, 120)).await;
        }
        _ => {
            up.ready().await;
            allowance.grant(share);
            sleep(millis(random, 1200)).await;
        }
    }
    up.kill().await;
}

/// Asks for changes as long as there are some to ask for.
async fn write(mut writer: Writer, allowance: &Allowance) -> Journal {
    while allowance.next().await {
        writer.change_something().await;
    }
    writer.into_journal()
}

/// How many changes may be asked for.
struct Allowance {
    left: AtomicUsize,
    now: Semaphore,
}

impl Allowance {
    /// So many altogether, none of them yet.
    fn new(all: usize) -> Self {
        Self {
            left: AtomicUsize::new(all),
            now: Semaphore::new(0),
        }
    }

    /// So many more from now on.
    fn grant(&self, more: usize) {
        self.now.add_permits(more);
    }

    /// Waits for the next one; false once there are no more.
    async fn next(&self) -> bool {
        let less_one = |left: usize| left.checked_sub(1);
        let taken = self
            .left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, less_one);
        if taken.is_err() {
            return false;
        }
        let permit = self.now.acquire().await;
        permit.expect("it is never closed").forget();
        true
    }
}
