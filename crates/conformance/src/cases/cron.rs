//! Cron bindings.

use anyhow::{Result, ensure};
use tonic::Status;

use crate::{
    app::App,
    target::BindingSpec,
    topics::unique,
    wait::same,
    world::{Sidecar, World},
};

fn binding(schedule: &str) -> BindingSpec {
    BindingSpec {
        name: unique("cron"),
        schedule: schedule.to_owned(),
        direction_input: true,
    }
}

async fn ticking(world: &World, bindings: Vec<BindingSpec>) -> Result<(App, Sidecar)> {
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    spec.bindings = bindings;
    let sidecar = world.start(spec).await?;
    Ok((app, sidecar))
}

pub(crate) async fn a_binding_ticks(world: World) -> Result<()> {
    let binding = binding("@every 1s");
    let (app, _sidecar) = ticking(&world, vec![binding.clone()]).await?;
    let ticks = app.record.wait_ticks(2).await?;
    same("name", &ticks[0].name, &binding.name)?;
    same("data", ticks[0].data.len(), 0)?;
    ensure!(
        ticks[0].binding_metadata.contains_key("readTimeUTC"),
        "{:?}",
        ticks[0].binding_metadata
    );
    ensure!(
        ticks[0].binding_metadata.contains_key("timeZone"),
        "{:?}",
        ticks[0].binding_metadata
    );
    Ok(())
}

pub(crate) async fn a_failed_tick_is_ignored(world: World) -> Result<()> {
    let app = App::serving(Vec::new()).await?;
    app.script.fail_ticks(Status::unavailable("not now"));
    let mut spec = World::spec(&app);
    spec.bindings = vec![binding("@every 1s")];
    let _sidecar = world.start(spec).await?;
    app.record.wait_ticks(3).await.map(drop)
}

/// Each tick is a call of its own, whatever has become of the one before.
pub(crate) async fn ticks_overlap(world: World) -> Result<()> {
    let app = App::serving(Vec::new()).await?;
    app.script.hold_ticks();
    let mut spec = World::spec(&app);
    spec.bindings = vec![binding("@every 1s")];
    let _sidecar = world.start(spec).await?;
    app.record.wait_ticks(2).await?;
    app.script.release();
    Ok(())
}

pub(crate) async fn a_schedule_may_have_seconds(world: World) -> Result<()> {
    let (app, _sidecar) = ticking(&world, vec![binding("* * * * * *")]).await?;
    app.record.wait_ticks(2).await.map(drop)
}

pub(crate) async fn a_binding_without_direction_is_read_only_if_listed(world: World) -> Result<()> {
    let unnamed = |name: &str| BindingSpec {
        name: name.to_owned(),
        schedule: "@every 1s".to_owned(),
        direction_input: false,
    };
    let (wanted, unwanted) = (unique("wanted"), unique("unwanted"));
    let app = App::serving(Vec::new()).await?;
    app.script.want_bindings(&[&wanted]);
    let mut spec = World::spec(&app);
    spec.bindings = vec![unnamed(&unwanted), unnamed(&wanted)];
    let _sidecar = world.start(spec).await?;
    let ticks = app.record.wait_ticks(3).await?;
    ensure!(
        ticks.iter().all(|tick| tick.name == wanted),
        "only the one that is listed ticks"
    );
    ensure!(
        !app.record.calls("ListInputBindings").is_empty(),
        "the app was asked"
    );
    Ok(())
}

/// A tick that finds no app is lost, and the next ones come.
pub(crate) async fn ticks_stop_while_the_app_is_away(world: World) -> Result<()> {
    let (mut app, _sidecar) = ticking(&world, vec![binding("@every 1s")]).await?;
    app.record.wait_ticks(1).await?;
    app.kill().await?;
    let before = app.record.ticks().len();
    app.serve().await?;
    app.record.wait_ticks(before + 1).await.map(drop)
}
