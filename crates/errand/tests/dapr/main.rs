//! The component files in `dapr/` say what the topology says.
//!
//! A right that a file forgets is not refused loudly: a subscription without it is never started,
//! and a publication without it is an event that waits in the outbox.
#![expect(
    clippy::unwrap_used,
    reason = "all of this is a test, what its tests share included"
)]

mod access;
mod resource;

use std::collections::{BTreeMap, BTreeSet};

use domain::AppId;
use errand::topology::{self, PUBSUB, PUBSUB_FAN_OUT, SECRET_STORE, STATE_STORE};
use serde::Deserialize;

use crate::resource::{
    ComponentSpec, Entry, PLACES, Resource, component, components, folder, read,
};

/// Settings that say where something is, and how to sign in there.
const OF_THE_PLACE: [&str; 9] = [
    "authType",
    "brokers",
    "caCert",
    "connectionString",
    "queryExecMode",
    "saslMechanism",
    "saslPassword",
    "saslUsername",
    "secretsFile",
];

#[derive(Debug, Deserialize)]
struct ResiliencySpec {
    policies: Policies,
    targets: Targets,
}

#[derive(Debug, Deserialize)]
struct Policies {
    retries: BTreeMap<String, Retry>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Retry {
    policy: String,
    duration: String,
    max_retries: i64,
}

#[derive(Debug, Deserialize)]
struct Targets {
    components: BTreeMap<String, Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    inbound: Inbound,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Inbound {
    retry: String,
}

#[test]
fn the_components_are_those_of_the_topology() {
    let crons = AppId::ALL.into_iter().filter_map(topology::cron);
    let expected: BTreeSet<&str> = [PUBSUB, PUBSUB_FAN_OUT, STATE_STORE, SECRET_STORE]
        .into_iter()
        .chain(crons.map(|plan| plan.name))
        .collect();
    for place in PLACES {
        let found = components(place);
        let names: BTreeSet<&str> = found.keys().map(String::as_str).collect();
        assert_eq!(names, expected, "{place}");
    }
}

#[test]
fn services_publish_and_take_what_the_topology_says_and_nothing_else() {
    for component in PLACES.map(|place| component(place, PUBSUB)) {
        let publishes = AppId::ALL.map(|app| (app, topology::publishes(app)));
        let takes = AppId::ALL.map(|app| (app, topology::takes(app)));
        assert_eq!(component.scopes, names(AppId::ALL));
        assert_scopes(&component, &publishes, &takes);
    }
    let fans_out: Vec<AppId> = AppId::ALL
        .into_iter()
        .filter(|app| !topology::fans_out(*app).is_empty())
        .collect();
    for component in PLACES.map(|place| component(place, PUBSUB_FAN_OUT)) {
        let publishes = fans_out
            .iter()
            .map(|app| (*app, topology::publishes(*app)))
            .collect::<Vec<_>>();
        let takes = fans_out
            .iter()
            .map(|app| (*app, &topology::fans_out(*app) | &topology::takes(*app)))
            .collect::<Vec<_>>();
        assert_eq!(component.scopes, names(fans_out.iter().copied()));
        assert_scopes(&component, &publishes, &takes);
    }
}

#[test]
fn replicas_share_one_group_and_have_one_each_for_what_all_of_them_take() {
    for place in PLACES {
        let (shared, all) = (component(place, PUBSUB), component(place, PUBSUB_FAN_OUT));
        assert_eq!(shared.value("consumerGroup"), "{appID}");
        assert_eq!(all.value("consumerGroup"), "{uuid}");
        for component in [&shared, &all] {
            // A new group begins with what was published before it was there.
            assert_eq!(component.value("initialOffset"), "oldest");
            assert_eq!(component.value("sessionTimeout"), "6s");
            assert_eq!(component.value("heartbeatInterval"), "1s");
        }
    }
}

#[test]
fn crons_fire_by_the_topology_for_their_own_service_unasked() {
    for (app, plan) in AppId::ALL
        .into_iter()
        .filter_map(|app| Some((app, topology::cron(app)?)))
    {
        for cron in PLACES.map(|place| component(place, plan.name)) {
            assert_eq!(cron.spec.kind, "bindings.cron");
            assert_eq!(cron.value("schedule"), plan.schedule);
            assert_eq!(cron.value("direction"), "input");
            assert_eq!(cron.scopes, names([app]));
        }
    }
}

#[test]
fn state_has_tables_and_keys_of_its_own() {
    for store in PLACES.map(|place| component(place, STATE_STORE)) {
        assert_eq!(
            (store.spec.kind.as_str(), store.spec.version.as_str()),
            ("state.postgresql", "v2")
        );
        assert_eq!(store.value("tablePrefix"), "dapr_");
        assert_eq!(store.value("metadataTableName"), "dapr_metadata");
        assert_eq!(store.value("keyPrefix"), "appid");
        assert_eq!(store.scopes, names(AppId::ALL));
    }
}

#[test]
fn an_event_that_is_not_accepted_comes_again_each_second_without_end() {
    for place in PLACES {
        let resiliency: Resource<ResiliencySpec> =
            read(&folder(place).join("resources/resiliency.yaml"));
        let targets = resiliency.spec.targets.components;
        assert_eq!(
            targets.keys().map(String::as_str).collect::<Vec<_>>(),
            [PUBSUB, PUBSUB_FAN_OUT]
        );
        for target in targets.values() {
            let endless = Retry {
                policy: "constant".to_owned(),
                duration: "1s".to_owned(),
                max_retries: -1,
            };
            assert_eq!(
                resiliency.spec.policies.retries[&target.inbound.retry],
                endless
            );
        }
    }
}

/// What is not of the place is the same everywhere: a cluster is no other Errand.
#[test]
fn places_differ_only_in_where_things_are() {
    let (here, cluster) = (components("local"), components("kubernetes"));
    for (name, component) in &here {
        let other = &cluster[name];
        assert_eq!(component.scopes, other.scopes, "{name}");
        assert_eq!(component.spec.version, other.spec.version, "{name}");
        if name == SECRET_STORE {
            continue;
        }
        assert_eq!(component.spec.kind, other.spec.kind, "{name}");
        assert_eq!(settings(component, false), settings(other, false), "{name}");
    }
    for place in PLACES {
        let brokers = [PUBSUB, PUBSUB_FAN_OUT].map(|name| settings(&component(place, name), true));
        assert!(!brokers[0].is_empty());
        assert_eq!(brokers[0], brokers[1], "{place}");
    }
}

/// The settings that are of the place, or those that are not.
fn settings(component: &Resource<ComponentSpec>, of_the_place: bool) -> Vec<Entry> {
    let entries = component.spec.metadata.iter();
    let entries =
        entries.filter(|entry| OF_THE_PLACE.contains(&entry.name.as_str()) == of_the_place);
    entries.cloned().collect()
}

fn assert_scopes<'a>(
    component: &Resource<ComponentSpec>,
    publishes: impl IntoIterator<Item = &'a (AppId, BTreeSet<String>)>,
    takes: impl IntoIterator<Item = &'a (AppId, BTreeSet<String>)>,
) {
    let publishes = written(publishes);
    let takes = written(takes);
    assert_eq!(scopes(component.value("publishingScopes")), publishes);
    assert_eq!(scopes(component.value("subscriptionScopes")), takes);
    let used: BTreeSet<String> = publishes
        .into_values()
        .chain(takes.into_values())
        .flatten()
        .collect();
    assert_eq!(list(component.value("allowedTopics")), used);
}

fn names(apps: impl IntoIterator<Item = AppId>) -> BTreeSet<String> {
    apps.into_iter().map(|app| app.to_string()).collect()
}

fn written<'a>(
    plan: impl IntoIterator<Item = &'a (AppId, BTreeSet<String>)>,
) -> BTreeMap<String, BTreeSet<String>> {
    plan.into_iter()
        .map(|(app, topics)| (app.to_string(), topics.clone()))
        .collect()
}

/// `app=topic,topic;app=topic`
fn scopes(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    text.split(';')
        .map(|scope| {
            let (app, topics) = scope.split_once('=').unwrap();
            (app.to_owned(), list(topics))
        })
        .collect()
}

fn list(text: &str) -> BTreeSet<String> {
    text.split(',').map(str::to_owned).collect()
}
