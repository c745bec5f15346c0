//! What is looked at, and in which order.

use service_kit::SystemClock;

use super::{
    Finding, State, clock, events, folder, ports, schema, service, sidecar, space, topics, web,
};
use crate::{
    cli::Doctor,
    commands::{database, readable},
    data_folder::{DataFolder, Occupancy},
    settings::Settings,
};

/// Everything there is to look at, and the broker's topics as they were described.
pub(super) async fn all(
    options: &Doctor,
    settings: &Settings,
    data: &DataFolder,
    described: Option<&str>,
) -> Vec<Finding> {
    let (mut findings, has_database) = if database::is_shared(settings) {
        (beside_a_sidecar(settings).await, true)
    } else {
        in_folder(options, settings, data).await
    };
    let mut found = |what, state| findings.push(Finding { what, state });
    if let Some(described) = described {
        found("topics", topics::topics(described, &settings.realtime));
    }
    if !has_database {
        return findings;
    }
    let place = match database::place(&options.folder, settings).await {
        Ok(place) => place,
        Err(error) => {
            let wrong = readable::line(&format!("{error:#}"));
            found(
                "database",
                State::Broken(wrong, service::MEND_SECRET.into()),
            );
            return findings;
        }
    };
    found("schema", schema::schema(&place, settings).await);
    match database::connect(&place).await {
        Ok(store) => {
            found("database", State::Good("answers".into()));
            found("clock", clock::clock(&store, &SystemClock).await);
            found("outbox", events::outbox(&store).await);
            found("publishing", events::publishing(&store).await);
            found("dead letters", events::dead_letters(&store).await);
            store.close().await;
        }
        Err(error) => found(
            "database",
            State::Broken(
                format!("{error:#}"),
                "Mend what the line above says; data is not touched meanwhile.".into(),
            ),
        ),
    }
    findings
}

/// What `errand up` needs around its database, and whether there is one.
async fn in_folder(
    options: &Doctor,
    settings: &Settings,
    data: &DataFolder,
) -> (Vec<Finding>, bool) {
    let mut findings = Vec::new();
    let mut found = |what, state| findings.push(Finding { what, state });
    let occupancy = data.look();
    let holder = match &occupancy {
        Ok(Occupancy::Held(holder)) => holder.as_ref(),
        _ => None,
    };
    found("data folder", folder::occupancy(data, &occupancy));
    if matches!(occupancy, Ok(Occupancy::Free | Occupancy::Held(_))) {
        found("permissions", folder::permissions(data));
    }
    found("disk space", space::space(data.path()));
    found("ports", ports::ports(options.port_base, holder).await);
    if let Some(state) = web::web(&settings.web, holder).await {
        found("web app", state);
    }
    let has_database = data.has_database();
    match &has_database {
        Ok(true) => {}
        Ok(false) => found("database", folder::without_database()),
        Err(error) => found("database", folder::out_of_reach(error)),
    }
    (findings, matches!(has_database, Ok(true)))
}

/// What a service by itself needs around its database. The machine's clock is its sidecar's, too.
async fn beside_a_sidecar(settings: &Settings) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut found = |what, state| findings.push(Finding { what, state });
    found("secret", service::secret(settings).await);
    match sidecar::look(settings).await {
        Ok(seen) => {
            found("sidecar", seen.answers());
            found("tokens", service::tokens(settings));
            found("components", seen.components(settings));
            found("subscriptions", seen.subscriptions(settings));
            found("channel", seen.channel());
            if let Some(address) = seen.service_address() {
                found("service", service::ready(seen.app(), &address).await);
            }
        }
        Err(state) => found("sidecar", state),
    }
    findings
}
