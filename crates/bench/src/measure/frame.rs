//! From a create to its frame on an open stream, everything running.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use proto::v1::{StreamUpdatesResponse, stream_updates_response::Frame, update_data::Item};
use tonic::Streaming;

use super::{Bench, say};
use crate::{
    caller::Caller,
    report::{FrameRow, Report, percentiles},
    server::Server,
    statements::FIRST_USER,
};

/// Creates that are not counted: connections and caches are warm afterwards.
const WARM_UP: usize = 10;

pub(super) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("frame-sqlite")?;
    let server = home.up(&home.path("data")).await?;
    report.frames.push(row("SQLite", bench, &server).await?);
    server.stop().await?;

    let home = bench.home("frame-postgres")?;
    let database = bench.postgres.create("bench_frame").await?;
    let server = home.up_on_postgres(&database.url).await?;
    report.frames.push(row("PostgreSQL", bench, &server).await?);
    server.stop().await
}

async fn row(database: &'static str, bench: &Bench, server: &Server) -> anyhow::Result<FrameRow> {
    let creates = bench.sizes.frames;
    say(&format!("{creates} creates to their frames on {database}"));
    let caller = Caller::connect(&server.services, &FIRST_USER.to_string()).await?;
    let mut frames = caller.watch(&server.services).await?;
    let (mut answers, mut arrivals) = (Vec::new(), Vec::new());
    for number in 0..creates + WARM_UP {
        let title = format!("Water the plants {number}");
        let sent = Instant::now();
        let answer = async {
            caller.create(&title).await?;
            anyhow::Ok(sent.elapsed())
        };
        let arrival = arrival(&mut frames, &title, sent);
        let (answer, arrival) = futures::future::try_join(answer, arrival).await?;
        if number >= WARM_UP {
            answers.push(answer);
            arrivals.push(arrival);
        }
    }
    Ok(FrameRow {
        database,
        creates,
        answer_ms: percentiles(&mut answers),
        frame_ms: percentiles(&mut arrivals),
    })
}

/// Reads until the frame of a task is there.
async fn arrival(
    frames: &mut Streaming<StreamUpdatesResponse>,
    title: &str,
    sent: Instant,
) -> anyhow::Result<Duration> {
    loop {
        let frame = frames.message().await?.context("the stream has ended")?;
        if let Some(Frame::Update(update)) = frame.frame
            && let Some(Item::Task(task)) = update.item
            && task.title == title
        {
            return Ok(sent.elapsed());
        }
    }
}
