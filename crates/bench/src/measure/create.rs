//! Creates a second. backend-api runs by itself, with its sidecar away: what else happens to an
//! event costs time too, but PostgreSQL by itself would not know of it.

use super::{Bench, USERS, say};
use crate::{
    caller::{Caller, Callers},
    load::closed_loop,
    report::{Load, LoadRow, Report},
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
    for &callers in bench.sizes.callers {
        say(&format!("create on SQLite, {callers} at once"));
        let connections = Callers::connect(&server, callers, USERS).await?;
        let (mut errand, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..bench.sizes.turns {
            errand.push(creates(&connections, callers, bench).await?);
            bare.push(create.repeat(&reference, USERS, bench.sizes.load)?);
        }
        report.loads.push(LoadRow {
            what: "create".to_owned(),
            database: "SQLite",
            callers,
            errand: Load::of(&errand),
            reference: Load::of(&bare),
        });
    }
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
    for &callers in bench.sizes.callers {
        say(&format!("create on PostgreSQL, {callers} at once"));
        let connections = Callers::connect(&server, callers, USERS).await?;
        let (mut errand, mut bare) = (Vec::new(), Vec::new());
        for _ in 0..bench.sizes.turns {
            errand.push(creates(&connections, callers, bench).await?);
            let scripts = std::slice::from_ref(&script);
            let load = bench.sizes.load;
            bare.push(
                reference
                    .pgbench(scripts, callers, load, &home.folder)
                    .await?,
            );
        }
        report.loads.push(LoadRow {
            what: "create".to_owned(),
            database: "PostgreSQL",
            callers,
            errand: Load::of(&errand),
            reference: Load::of(&bare),
        });
    }
    server.stop().await
}

/// Creates one task, for its statements to be seen.
pub(super) async fn one(server: &Server) -> anyhow::Result<()> {
    let caller = Caller::connect(server, &FIRST_USER.to_string()).await?;
    caller.create("Water the plants").await?;
    Ok(())
}

async fn creates(
    connections: &Callers,
    callers: usize,
    bench: &Bench,
) -> anyhow::Result<crate::load::Outcome> {
    closed_loop(callers, bench.sizes.load, async |caller| {
        connections.next(caller).create("Water the plants").await?;
        Ok(())
    })
    .await
}
