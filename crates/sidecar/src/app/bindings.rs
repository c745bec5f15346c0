//! Cron bindings: each tick is a call of its own, and what comes of it is nobody's concern.

use std::{collections::HashMap, sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use dapr::dapr::proto::runtime::v1::BindingEventRequest;
use tokio::{
    sync::Semaphore,
    time::{MissedTickBehavior, interval_at, sleep},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    cron::Schedule,
    engine::App,
    sidecar::{Binding, Runtime},
};

/// The bindings that are read: those that say `direction: input`, and those the app asks for.
///
/// Whatever goes wrong with the question is taken for an empty list, as in Dapr
/// (`pkg/runtime/processor/binding/send.go`).
pub(super) async fn wanted(runtime: &Runtime, app: &App) -> Vec<Arc<Binding>> {
    let asked = runtime
        .bindings
        .iter()
        .any(|binding| !binding.direction_input);
    let listed = if asked {
        listed(runtime, app).await
    } else {
        Vec::new()
    };
    let read = |binding: &&Arc<Binding>| binding.direction_input || listed.contains(&binding.name);
    runtime.bindings.iter().filter(read).cloned().collect()
}

/// Starts the timers until `active` is cancelled.
pub(super) fn start(
    runtime: &Arc<Runtime>,
    app: &Arc<App>,
    bindings: &[Arc<Binding>],
    active: &CancellationToken,
    workers: &TaskTracker,
) {
    for binding in bindings {
        let ticking = tick(
            Arc::clone(runtime),
            Arc::clone(app),
            Arc::clone(binding),
            active.clone(),
        );
        runtime
            .tasks
            .spawn("cron binding", workers.track_future(ticking));
    }
}

async fn listed(runtime: &Runtime, app: &App) -> Vec<String> {
    let mut client = app.callback();
    let call = client.list_input_bindings(());
    match tokio::time::timeout(Duration::from_secs(3), call).await {
        Ok(Ok(response)) => response.into_inner().bindings,
        Ok(Err(status)) => {
            tracing::warn!(app = runtime.app_id, %status, "the app does not say which bindings it reads");
            Vec::new()
        }
        Err(_elapsed) => {
            tracing::warn!(
                app = runtime.app_id,
                "the app does not say in time which bindings it reads"
            );
            Vec::new()
        }
    }
}

async fn tick(
    runtime: Arc<Runtime>,
    app: Arc<App>,
    binding: Arc<Binding>,
    active: CancellationToken,
) {
    let calls = Arc::new(Semaphore::new(CALLS_IN_FLIGHT));
    let fire = || {
        let Ok(permit) = Arc::clone(&calls).try_acquire_owned() else {
            tracing::warn!(
                binding = binding.name,
                "too many ticks are still being handled: one is left out"
            );
            return;
        };
        let call = call(Arc::clone(&runtime), Arc::clone(&app), Arc::clone(&binding));
        runtime.tasks.spawn("cron tick", async move {
            call.await;
            drop(permit);
        });
    };
    let ticking = async {
        match &binding.schedule {
            Schedule::Every(period) => {
                let mut ticks = interval_at(tokio::time::Instant::now() + *period, *period);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
                loop {
                    ticks.tick().await;
                    fire();
                }
            }
            schedule @ Schedule::Expression(_) => {
                while let Some(wait) = schedule.wait(runtime.engine.clock().now()) {
                    sleep(wait).await;
                    fire();
                }
                tracing::warn!(binding = binding.name, "the schedule has no further time");
            }
        }
    };
    active.run_until_cancelled(ticking).await;
}

async fn call(runtime: Arc<Runtime>, app: Arc<App>, binding: Arc<Binding>) {
    let time = DateTime::<Utc>::from(runtime.engine.clock().now());
    let request = BindingEventRequest {
        name: binding.name.clone(),
        data: Vec::new(),
        metadata: HashMap::from([
            ("timeZone".to_owned(), "UTC".to_owned()),
            (
                "readTimeUTC".to_owned(),
                time.format("%Y-%m-%d %H:%M:%S%.9f +0000 UTC").to_string(),
            ),
        ]),
    };
    let mut client = app.callback();
    let call = client.on_binding_event(app.request(request));
    let outcome = runtime.until_drained(call).await;
    let result = match outcome {
        Some(Ok(_)) => "accepted",
        Some(Err(status)) => {
            tracing::debug!(binding = binding.name, %status, "a tick was not handled");
            "failed"
        }
        None => "stopped",
    };
    metrics::counter!("sidecar_ticks_total", "app" => runtime.app_id.clone(), "binding" => binding.name.clone(), "result" => result).increment(1);
}

/// Ticks of one binding that may be handled at the same time. Dapr has no bound.
const CALLS_IN_FLIGHT: usize = 64;
