//! From a create to its frame on a screen at a steady rate, and beside it what Dapr and Kafka take
//! of that by themselves: the same number of messages, as large, at the same rate, through two
//! sidecars and through Kafka's own clients.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use serde_json::Value;

use super::{
    Bench,
    commands::Engine,
    processes::{self, Spent},
    published::Published,
    report::SteadyRow,
    sizes::Sizes,
};
use crate::{caller::Callers, measure::say, open_loop::open_loop, report::Times, screens::Screens};

/// How many connections the creates come by.
const CONNECTIONS: usize = 16;

/// Creates that are not counted: connections and caches are warm afterwards.
const WARM_UP_RATE: u32 = 200;

/// How long the last may take.
const PATIENCE: Duration = Duration::from_mins(1);

/// As many partitions as the topic of what screens are told has.
const PARTITIONS: u32 = 3;

/// The topic of what screens are told.
const UPDATES: &str = "task-updates";

/// Kafka's own.
const KAFKA_TOPIC: &str = "bench-kafka";

const TITLE: &str = "Water the plants";

pub(super) async fn measure(bench: &mut Bench) -> anyhow::Result<()> {
    let Bench { engine, sizes, .. } = &*bench;
    let callers = Callers::connect(&engine.services, CONNECTIONS, sizes.users).await?;
    let mut screens = Screens::open(&engine.services, sizes.users).await?;
    creates(&callers, &mut screens, WARM_UP_RATE, sizes.warm_up).await?;

    let message = message(engine).await?;
    let bytes = message.to_string().len();
    engine.create_topic(KAFKA_TOPIC, PARTITIONS).await?;
    let mut published = Published::start(engine, &message, sizes.users, PARTITIONS).await?;
    published.load(WARM_UP_RATE, sizes.warm_up).await?;

    let mut rows = Vec::new();
    for &(rate, count) in sizes.rates {
        say(&format!("{count} creates, {rate} a second"));
        let before = processes::look(engine).await?;
        let [answers, mut frames] = creates(&callers, &mut screens, rate, count).await?;
        frames.spent = processes::spent(&before, &processes::look(engine).await?);
        rows.extend([answers, frames]);
        say(&format!("{count} events by PublishEvent, {rate} a second"));
        rows.push(published.load(rate, count).await?);
        say(&format!(
            "{count} records by Kafka's own clients, {rate} a second"
        ));
        rows.push(kafka(engine, bytes, rate, count, sizes).await?);
    }
    bench.report.message_bytes = bytes;
    bench.report.steady = rows;
    Ok(())
}

/// Creates at a rate: until they are answered, and until they are on the user's screen.
async fn creates(
    callers: &Callers,
    screens: &mut Screens,
    rate: u32,
    count: usize,
) -> anyhow::Result<[SteadyRow; 2]> {
    let answers = open_loop(rate, count, async |number, due| {
        let task = callers.next(number % CONNECTIONS).create(TITLE).await?;
        anyhow::Ok((task.id, due, Instant::now()))
    })
    .await;
    let (mut ids, mut dues, mut answered) = (Vec::new(), Vec::new(), Vec::new());
    let mut failures = Vec::new();
    for answer in answers {
        match answer {
            Ok((id, due, at)) => {
                ids.push(id);
                dues.push(due);
                answered.push(Some(at));
            }
            Err(error) => failures.push(error),
        }
    }
    // The rows tell how many are missing, and this why.
    if let Some(first) = failures.first() {
        say(&format!("{} were not created: {first:#}", failures.len()));
    }
    let seen = screens.wait_for_tasks(&ids, PATIENCE).await?;
    Ok([
        SteadyRow::new("create → answer", rate, count, &dues, &answered),
        SteadyRow::new("create → frame on a stream", rate, count, &dues, &seen),
    ])
}

/// What one create has told the screens of, as it lies in Kafka.
async fn message(engine: &Engine) -> anyhow::Result<Value> {
    // Among the first there are also some by which realtime-service tells itself that it is ready.
    let arguments = [
        "consume",
        "--topic",
        UPDATES,
        "--from-beginning",
        "--max-messages",
        "20",
    ];
    let messages = engine.kafka(&arguments).await?;
    let message = messages.lines().find(|line| line.contains(TITLE));
    Ok(serde_json::from_str(
        message.context("no create is in the topic")?,
    )?)
}

async fn kafka(
    engine: &Engine,
    bytes: usize,
    rate: u32,
    count: usize,
    sizes: &Sizes,
) -> anyhow::Result<SteadyRow> {
    let numbers = [sizes.users, bytes, rate as usize, count, sizes.warm_up];
    let numbers = numbers.map(|number| number.to_string());
    let mut arguments = vec!["latency", KAFKA_TOPIC];
    arguments.extend(numbers.iter().map(String::as_str));
    let told = engine.kafka(&arguments).await?;
    let row = kafka_row(&told, rate, count);
    row.with_context(|| format!("not what Latency.java tells: {told}"))
}

/// What `engine/kafka/Latency.java` tells, as a row.
fn kafka_row(told: &str, rate: u32, count: usize) -> Option<SteadyRow> {
    let (arrived, told) = told.trim_end().split_once(' ')?;
    let told: Result<Vec<f64>, _> = told.split(' ').map(str::parse).collect();
    let [per_second, p50, p99, most] = told.ok()?[..] else {
        return None;
    };
    Some(SteadyRow {
        what: "Kafka, produce → consume",
        rate,
        calls: count,
        arrived: arrived.parse().ok()?,
        per_second,
        took_ms: Times { p50, p99, most },
        spent: Spent::new(),
    })
}
