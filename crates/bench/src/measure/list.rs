//! A page of 100 tasks, of a small table and of a large one.

use super::{
    Bench,
    create::{QUIET, TELLING},
    say,
    turns::Turns,
};
use crate::{
    caller::Caller,
    postgres::Database,
    report::Report,
    server::Server,
    sqlite::{self, PAGE, Page},
    statements::{FIRST_USER, Script},
};

/// How many users look at their tasks.
const READERS: usize = 8;

/// How many tasks a user has, where the table is large enough.
const TASKS: u64 = 1_000;

/// The columns that cannot be null.
const COLUMNS: &str = "user_id, id, title, description, priority, category, tags, created_at, \
                       updated_at, version, title_key, search_text";

pub(super) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    on_sqlite(bench, report).await?;
    on_postgres(bench, report).await
}

async fn on_sqlite(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("list-sqlite")?;
    let file = home.path("errand.db");
    let url = format!("sqlite://{}", file.display());
    migrations::run(&url).await?;
    for &rows in bench.sizes.rows {
        say(&format!("{rows} rows on SQLite"));
        sqlite::run(&file, &sqlite_rows(rows))?;
        let server = home.backend_api(&url, TELLING).await?;
        let reader = Caller::connect(&server.services, &FIRST_USER.to_string()).await?;
        anyhow::ensure!(
            reader.list(PAGE).await? == usize::try_from(PAGE)?,
            "too few"
        );
        let page = Page::seen(&server.log()?)?;
        server.stop().await?;
        bench.keep("list.sqlite.sql", &page.text())?;

        let server = home.backend_api(&url, QUIET).await?;
        let threads = std::thread::available_parallelism()?.get();
        let bare = async |callers: usize| {
            page.repeat(&file, READERS, callers.min(threads), bench.sizes.load)
        };
        let turns = turns(bench, rows, "SQLite");
        report.loads.extend(turns.take(&server, call, bare).await?);
        server.stop().await?;
    }
    Ok(())
}

async fn on_postgres(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("list-postgres")?;
    let database = bench.postgres.create("bench_list").await?;
    for &rows in bench.sizes.rows {
        say(&format!("{rows} rows on PostgreSQL"));
        fill(&database, rows).await?;
        bench.postgres.listen(&database, true).await?;
        let server = home.backend_api(&database.url, QUIET).await?;
        let scripts = scripts(bench, &server).await?;
        server.stop().await?;
        bench.postgres.listen(&database, false).await?;
        bench.keep("list.postgres.sql", scripts[0].text())?;

        let server = home.backend_api(&database.url, QUIET).await?;
        let bare = async |callers| {
            database
                .pgbench(&scripts, callers, bench.sizes.load, &home.folder)
                .await
        };
        let turns = turns(bench, rows, "PostgreSQL");
        report.loads.extend(turns.take(&server, call, bare).await?);
        server.stop().await?;
    }
    Ok(())
}

/// The statements of the first page of each reader.
async fn scripts(bench: &Bench, server: &Server) -> anyhow::Result<Vec<Script>> {
    let mut scripts = Vec::new();
    for reader in 0..READERS {
        let reader = Caller::connect(&server.services, &(FIRST_USER + reader).to_string()).await?;
        anyhow::ensure!(
            reader.list(PAGE).await? == usize::try_from(PAGE)?,
            "too few"
        );
        let log = bench.postgres.log()?;
        let marks = ["FROM \"tasks\"", "FROM \"reminders\""];
        scripts.push(Script::of_statements(&log, &marks)?);
    }
    Ok(scripts)
}

fn turns<'b>(bench: &'b Bench, rows: u64, database: &'static str) -> Turns<'b> {
    Turns {
        bench,
        what: format!("list 100 of {rows}"),
        database,
        users: READERS,
    }
}

async fn call(caller: Caller) -> anyhow::Result<()> {
    caller.list(PAGE).await?;
    Ok(())
}

/// How many users there are, so that each of the readers has more than a page.
fn users(rows: u64) -> u64 {
    (rows / TASKS).max(READERS as u64)
}

/// The table anew, with so many rows. The index over words is made afterwards, as it would be when a
/// backup is read in.
async fn fill(database: &Database, rows: u64) -> anyhow::Result<()> {
    let index = database
        .run("SELECT pg_get_indexdef('errand.tasks_search'::regclass)")
        .await?;
    let users = users(rows);
    for sql in [
        "TRUNCATE errand.tasks CASCADE".to_owned(),
        "DROP INDEX errand.tasks_search".to_owned(),
        format!(
            "INSERT INTO errand.tasks ({COLUMNS}) \
             SELECT ({FIRST_USER} + n % {users})::text, gen_random_uuid(), 'Task ' || n, \
             'Call ahead, and take the blue bag.', 1 + n % 3, 'home', '[\"errands\"]', \
             timestamptz '2026-01-01 00:00Z' + n * interval '1 second', \
             timestamptz '2026-01-01 00:00Z' + n * interval '1 second', 1, 'task ' || n, \
             'task ' || n || ' call ahead, and take the blue bag.' \
             FROM generate_series(1, {rows}) AS n"
        ),
        index,
        "VACUUM ANALYZE errand.tasks".to_owned(),
    ] {
        database.run(&sql).await?;
    }
    Ok(())
}

fn sqlite_rows(rows: u64) -> String {
    let users = users(rows);
    format!(
        "BEGIN IMMEDIATE;
         DELETE FROM tasks;
         WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})
         INSERT INTO tasks ({COLUMNS})
         SELECT {FIRST_USER} + n % {users}, randomblob(16), 'Task ' || n,
         'Call ahead, and take the blue bag.', 1 + n % 3, 'home', '[\"errands\"]',
         strftime('%Y-%m-%dT%H:%M:%S', 1767225600 + n, 'unixepoch') || '+00:00',
         strftime('%Y-%m-%dT%H:%M:%S', 1767225600 + n, 'unixepoch') || '+00:00', 1, 'task ' || n,
         'task ' || n || ' call ahead, and take the blue bag.' FROM numbers;
         COMMIT;
         PRAGMA optimize;"
    )
}
