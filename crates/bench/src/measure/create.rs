//! Creates a second. backend-api runs by itself, with its sidecar away: what else happens to an
//! event costs time too, but PostgreSQL by itself would not know of it.

use super::{Bench, USERS, turns::Turns};
use crate::{
    caller::Caller,
    report::Report,
    server::Server,
    sqlite::Create,
    statements::{FIRST_USER, Script},
};

/// What Errand logs for its statements to be read.
pub(super) const TELLING: &str = "warn,store::statement=trace";

/// What it logs otherwise. That the sidecar is away is nothing to be told.
pub(super) const QUIET: &str = "off";

pub(super) async fn measure(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    on_sqlite(bench, report).await?;
    on_postgres(bench, report).await
}

async fn on_sqlite(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("create-sqlite")?;
    let [seen, own, reference] =
        ["seen.db", "errand.db", "reference.db"].map(|name| home.path(name));
    for file in [&seen, &own, &reference] {
        migrations::run(&format!("sqlite://{}", file.display())).await?;
    }
    let server = home
        .backend_api(&format!("sqlite://{}", seen.display()), TELLING)
        .await?;
    one(&server).await?;
    let create = Create::seen(&server.log()?, &seen)?;
    server.stop().await?;
    bench.keep("create.sqlite.sql", &create.text())?;

    let server = home
        .backend_api(&format!("sqlite://{}", own.display()), QUIET)
        .await?;
    let turns = turns(bench, "SQLite");
    let bare = async |_callers| create.repeat(&reference, USERS, bench.sizes.load);
    report.loads.extend(turns.take(&server, call, bare).await?);
    server.stop().await
}

async fn on_postgres(bench: &Bench, report: &mut Report) -> anyhow::Result<()> {
    let home = bench.home("create-postgres")?;
    let own = bench.postgres.create("bench_create").await?;
    let reference = bench.postgres.create("bench_create_reference").await?;
    bench.postgres.listen(&own, true).await?;
    let server = home.backend_api(&own.url, QUIET).await?;
    one(&server).await?;
    let script = Script::of_transaction(&bench.postgres.log()?, "INTO \"tasks\"", USERS)?;
    server.stop().await?;
    bench.postgres.listen(&own, false).await?;
    bench.keep("create.postgres.sql", script.text())?;

    let server = home.backend_api(&own.url, QUIET).await?;
    let turns = turns(bench, "PostgreSQL");
    let bare = async |callers| {
        let scripts = std::slice::from_ref(&script);
        reference
            .pgbench(scripts, callers, bench.sizes.load, &home.folder)
            .await
    };
    report.loads.extend(turns.take(&server, call, bare).await?);
    server.stop().await
}

/// Creates one task, for its statements to be seen.
pub(super) async fn one(server: &Server) -> anyhow::Result<()> {
    let caller = Caller::connect(&server.services, &FIRST_USER.to_string()).await?;
    call(caller).await
}

fn turns<'b>(bench: &'b Bench, database: &'static str) -> Turns<'b> {
    Turns {
        bench,
        what: "create".to_owned(),
        database,
        users: USERS,
    }
}

async fn call(caller: Caller) -> anyhow::Result<()> {
    caller.create("Water the plants").await?;
    Ok(())
}
