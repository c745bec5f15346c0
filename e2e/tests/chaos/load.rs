//! Users who change their tasks at a steady rate.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use e2e::{Change, Journal, Screen, System, User, Writer};
use rand::{Rng as _, SeedableRng as _, rngs::StdRng};
use service_kit::{Clock as _, SystemClock};
use tokio::{
    task::JoinSet,
    time::{Instant, sleep_until},
};

/// How many users there are.
const USERS: usize = 50;

/// At how many devices each is at the same time.
const DEVICES: usize = 2;

/// The mean time between two changes at one device: 20 a second altogether.
const THINKING: Duration = Duration::from_secs(5);

/// How far ahead reminders are that go off soon.
const SOON: Duration = Duration::from_secs(30);

/// How many of the users have a screen open all the time.
const SCREENS: usize = 20;

/// The users at work.
pub(crate) struct Load {
    users: Vec<User>,
    screens: Vec<Screen>,
    devices: JoinSet<(usize, Journal)>,
    is_over: Arc<AtomicBool>,
}

/// What the users know in the end.
pub(crate) struct Known {
    /// Each user with all that they asked for.
    pub(crate) users: Vec<(User, Journal)>,
    /// The screens that were open all the time.
    pub(crate) screens: Vec<Screen>,
}

impl Load {
    /// Lets all users begin.
    pub(crate) async fn start(system: &Arc<System>, seed: u64) -> Self {
        let users = users(system, "user", USERS).await;
        let screens = users.iter().take(SCREENS).enumerate();
        let screens = screens.map(|(number, user)| Screen::open(user.clone(), number % 2));
        let screens = screens.collect();
        let is_over = Arc::new(AtomicBool::new(false));
        let mut devices = JoinSet::new();
        for (number, user) in users.iter().enumerate() {
            for device in 0..DEVICES {
                let place = u64::try_from(number * DEVICES + device + 1).unwrap();
                let mut random = StdRng::seed_from_u64(seed.wrapping_add(place << 32));
                let times = StdRng::from_rng(&mut random);
                let writer = Writer::new(user.clone(), device, random, SOON);
                let is_over = Arc::clone(&is_over);
                devices.spawn(async move { (number, work(writer, times, &is_over).await) });
            }
        }
        Self {
            users,
            screens,
            devices,
            is_over,
        }
    }

    /// Lets every change that is under way come to its end, and each user make some last ones, which
    /// have to go through every consumer of every partition.
    pub(crate) async fn end(self) -> Known {
        self.is_over.store(true, Ordering::Relaxed);
        let mut journals: Vec<_> = self.users.iter().map(|_| None).collect();
        for (number, journal) in self.devices.join_all().await {
            match &mut journals[number] {
                None => journals[number] = Some(journal),
                Some(first) => first.join(journal),
            }
        }
        let journals = journals.into_iter().flatten();
        Known {
            users: self.users.into_iter().zip(journals).collect(),
            screens: self.screens,
        }
    }
}

/// Users of these names, each with a token.
pub(crate) async fn users(system: &Arc<System>, name: &str, count: usize) -> Vec<User> {
    let mut users = Vec::new();
    // A token is made by a process of its own.
    for numbers in (0..count).collect::<Vec<_>>().chunks(8) {
        let mut some = JoinSet::new();
        for number in numbers {
            let (system, name) = (Arc::clone(system), format!("{name}-{number}"));
            some.spawn(async move { system.user(&name).await });
        }
        users.extend(some.join_all().await);
    }
    users
}

/// A user's changes come when they come, whether the last one took long or not.
async fn work(mut writer: Writer, mut times: StdRng, is_over: &AtomicBool) -> Journal {
    let mut next = Instant::now() + THINKING.mul_f64(times.random_range(0.0..1.0));
    loop {
        sleep_until(next).await;
        if is_over.load(Ordering::Relaxed) {
            break;
        }
        writer.change_something().await;
        next += THINKING.mul_f64(times.random_range(0.0..2.0));
    }
    let reminding = writer.new_reminding_task(SystemClock.now());
    writer.insist(Change::Create(Box::new(reminding))).await;
    let daily = writer.new_daily_task();
    let daily = writer.insist(Change::Create(Box::new(daily))).await;
    writer.insist(Change::Complete { id: daily.id }).await;
    writer.into_journal()
}
