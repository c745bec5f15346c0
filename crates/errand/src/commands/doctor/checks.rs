//! What is looked at, and in which order.

use service_kit::SystemClock;

use super::{Finding, State, clock, events, folder, ports, schema, service, space};
use crate::{
    cli::Doctor,
    commands::database,
    data_folder::{DataFolder, Occupancy},
    settings::Settings,
};

/// Everything there is to look at.
pub(super) async fn all(options: &Doctor, settings: &Settings, data: &DataFolder) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut found = |what, state| findings.push(Finding { what, state });
    if settings.kit.database.url.is_some() {
        found("secret", service::secret(settings));
        found("sidecar", service::sidecar(settings).await);
    } else {
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
        match data.has_database() {
            Ok(true) => {}
            Ok(false) => {
                found("database", folder::without_database());
                return findings;
            }
            Err(error) => {
                found("database", folder::out_of_reach(&error));
                return findings;
            }
        }
    }
    found("schema", schema::schema(&options.folder, settings).await);
    match database::open(&options.folder, settings).await {
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
