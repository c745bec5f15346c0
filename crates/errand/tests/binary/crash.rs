//! Nothing is lost, doubled or half done when the process is killed again and again.

mod journal;
mod writer;

use std::{
    io::{self, Write as _},
    sync::Arc,
    time::Duration,
};

use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};

use crate::{
    client::User,
    process::{Home, Up, eventually, free_ports},
    trail::{Left, Trail},
};
use journal::Journal;
use writer::{Allowance, Writer};

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
        let name = format!("user-{number}");
        let user = User::new(&home.token(&name, &data).await, base);
        let random = StdRng::seed_from_u64(seed ^ (number as u64 + 1));
        let writer = Writer::new(name.clone(), user.clone(), random, Arc::clone(&allowance));
        writers.spawn(writer.run());
        users.push((name, user));
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
    let mut journals: Vec<Journal> = writers.join_all().await;
    journals.sort_by(|one, other| one.user().cmp(other.user()));

    let answered = began.elapsed().as_secs_f64();

    let (mut acknowledged, mut unknown) = (0, 0);
    for ((name, user), journal) in users.iter().zip(&journals) {
        let trail = Trail::settled(user).await;
        trail.assert_whole(name);
        journal.assert_told_by(&trail);
        acknowledged += journal.acknowledged();
        unknown += journal.unknown();
    }
    assert_eq!(acknowledged + unknown, CHANGES);
    let told = began.elapsed().as_secs_f64();
    eventually("an empty outbox", async || {
        Left::in_folder(&data).await.outbox.is_empty().then_some(())
    })
    .await;
    assert_eq!(up.terminate().await, Some(0));
    let left = Left::in_folder(&data).await;
    assert!(left.is_nothing(), "{left:?}");
    say(&format!(
        "crash: {acknowledged} changes acknowledged, {unknown} unknown, {KILLS} kills; \
         killed for {killed:.1} s, all answered after {answered:.1} s, all audited after {told:.1} s, \
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

/// What everything random in a run follows from.
fn seed() -> u64 {
    match service_kit::config::environment().get("ERRAND_TEST_SEED") {
        Some(seed) => seed.parse().expect("ERRAND_TEST_SEED is a number"),
        None => rand::random(),
    }
}

/// Tells whoever runs the tests, also where they pass.
fn say(line: &str) {
    writeln!(io::stderr().lock(), "{line}").unwrap();
}
