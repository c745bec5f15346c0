//! The whole system in one process: creates with everything else running, events on to the audit
//! log, and the memory it takes.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{Bench, USERS, say};
use crate::{
    caller::Callers,
    load::fixed_number,
    postgres::Database,
    report::{Load, Report, SystemRow, mebibytes, milliseconds},
    server::Server,
    sqlite,
};

/// How many call at once.
const CALLERS: usize = 64;

/// How often the audit log is looked at. Counting it costs something as well.
const LOOK: Duration = Duration::from_millis(100);

/// Where the audit log can be counted.
enum Rows {
    Sqlite(PathBuf),
    Postgres(Database),
}

pub(super) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("system-sqlite")?;
    let data = home.path("data");
    let server = home.up(&data).await?;
    let rows = Rows::Sqlite(data.join("errand.db"));
    report
        .systems
        .push(row("SQLite", bench, &server, &rows).await?);
    server.stop().await?;

    let home = bench.home("system-postgres")?;
    let database = bench.postgres.create("bench_system").await?;
    let server = home.up_on_postgres(&database.url).await?;
    let rows = Rows::Postgres(database);
    report
        .systems
        .push(row("PostgreSQL", bench, &server, &rows).await?);
    server.stop().await
}

async fn row(
    database: &'static str,
    bench: &Bench,
    server: &Server,
    audited: &Rows,
) -> anyhow::Result<SystemRow> {
    let tasks = bench.sizes.tasks;
    say(&format!(
        "{tasks} tasks with everything running on {database}"
    ));
    let (idle, _) = server.memory()?;
    let connections = Callers::connect(&server.services, CALLERS, USERS).await?;
    let began = Instant::now();
    let created = fixed_number(CALLERS, tasks, async |caller| {
        connections.next(caller).create("Water the plants").await?;
        Ok(())
    })
    .await?;
    let answered = Instant::now();
    while audited.count().await? < tasks {
        tokio::time::sleep(LOOK).await;
    }
    let (drained, late) = (began.elapsed(), answered.elapsed());
    let (after, peak) = server.memory()?;
    Ok(SystemRow {
        database,
        tasks,
        callers: CALLERS,
        create: Load::of(&[created]),
        audited_per_second: per_second(tasks, drained),
        audited_after_ms: milliseconds(late),
        memory_mib: [idle, after, peak].map(mebibytes),
    })
}

impl Rows {
    async fn count(&self) -> anyhow::Result<u64> {
        Ok(match self {
            Self::Sqlite(file) => sqlite::count(file, "audit_logs")?,
            Self::Postgres(database) => {
                let count = database.run("SELECT count(*) FROM errand.audit_logs");
                count.await?.parse()?
            }
        })
    }
}

fn per_second(count: u64, took: Duration) -> f64 {
    crate::load::per_second(usize::try_from(count).unwrap_or(usize::MAX), took)
}
