//! Who may ask a sidecar for what: secrets, and calls to its service.

use std::collections::BTreeSet;

use errand::topology::{SECRET_STORE, STATE_STORE};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use serde::Deserialize;

use crate::resource::{
    Metadata, PLACES, Resource, SecretKeyRef, component, components, folder, read, read_all,
};

/// The Secret of a cluster that has what services ask for.
const OF_SERVICES: &str = "errand";

/// The Secret of a cluster that has what only sidecars need.
const OF_SIDECARS: &str = "errand-sidecars";

/// What the address of the state store is called, wherever secrets are.
const STATE_ADDRESS: &str = "state-database-url";

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct ConfigurationSpec {
    tracing: Tracing,
    features: Vec<Feature>,
    secrets: Secrets,
    #[serde(default)]
    access_control: Option<AccessControl>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Tracing {
    sampling_rate: String,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
struct Feature {
    name: String,
    enabled: bool,
}

#[derive(Debug, Deserialize)]
struct Secrets {
    scopes: Vec<SecretScope>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SecretScope {
    store_name: String,
    default_access: String,
    #[serde(default)]
    allowed_secrets: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AccessControl {
    default_action: String,
    trust_domain: String,
    policies: Vec<Policy>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Policy {
    app_id: String,
    namespace: String,
    trust_domain: String,
    default_action: String,
    operations: Vec<Operation>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Operation {
    name: String,
    action: String,
}

/// A Role or its binding.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Grant {
    metadata: Metadata,
    #[serde(default)]
    rules: Vec<Rule>,
    #[serde(default)]
    subjects: Vec<Subject>,
}

#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Rule {
    api_groups: Vec<String>,
    resources: Vec<String>,
    resource_names: Vec<String>,
    verbs: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    name: String,
}

#[test]
fn sidecars_trace_nothing_and_reload_nothing() {
    for place in PLACES {
        let spec = configuration(place).spec;
        assert_eq!(spec.tracing.sampling_rate, "0", "{place}");
        let reload = Feature {
            name: "HotReload".to_owned(),
            enabled: false,
        };
        assert_eq!(spec.features, [reload], "{place}");
    }
}

#[test]
fn sidecars_hand_out_the_two_secrets_that_there_are() {
    let of_local = BTreeSet::from(["DATABASE_URL", "ERRAND_SECRET"].map(str::to_owned));
    let of_cluster = BTreeSet::from([OF_SERVICES.to_owned()]);
    for (place, allowed) in [("local", of_local), ("kubernetes", of_cluster)] {
        let mut scopes = configuration(place).spec.secrets.scopes;
        assert!(scopes.iter().all(|scope| scope.default_access == "deny"));
        let own = scopes.remove(0);
        assert_eq!(
            (own.store_name.as_str(), own.allowed_secrets),
            (SECRET_STORE, allowed)
        );
        if place == "kubernetes" {
            // A cluster's sidecar has a store more, on whatever its pod may read.
            let built_in = scopes.remove(0);
            assert_eq!(built_in.store_name, "kubernetes");
            assert!(built_in.allowed_secrets.is_empty());
        }
        assert!(scopes.is_empty(), "{scopes:?}");
    }
}

#[test]
fn a_clusters_sidecar_may_read_the_services_secret_and_services_not_the_sidecars() {
    let grants: Vec<Grant> = read_all(&folder("kubernetes").join("secret-reader.yaml"));
    let rules: Vec<&Rule> = grants.iter().flat_map(|grant| &grant.rules).collect();
    let get = Rule {
        api_groups: vec![String::new()],
        resources: vec!["secrets".to_owned()],
        resource_names: vec![OF_SERVICES.to_owned()],
        verbs: vec!["get".to_owned()],
    };
    assert_eq!(rules, [&get]);
    let subjects = grants.iter().flat_map(|grant| &grant.subjects);
    let subjects: Vec<&str> = subjects.map(|subject| subject.name.as_str()).collect();
    assert_eq!(subjects, ["system:serviceaccounts:errand"]);

    for (name, resource) in components("kubernetes") {
        let entries = resource.spec.metadata.iter();
        let refs: Vec<_> = entries
            .filter_map(|entry| entry.secret_key_ref.as_ref())
            .collect();
        assert!(
            refs.iter().all(|secret| secret.name == OF_SIDECARS),
            "{name}"
        );
        // Dapr's operator looks them up, with rights of its own.
        let store = resource.auth.map(|auth| auth.secret_store);
        let expected = (!refs.is_empty()).then_some("kubernetes");
        assert_eq!(store.as_deref(), expected, "{name}");
    }
    let keys = |name: &str| -> BTreeSet<String> {
        let entries = component("kubernetes", name).spec.metadata.into_iter();
        entries
            .filter_map(|entry| Some(entry.secret_key_ref?.key))
            .collect()
    };
    let kafka = ["kafka-ca", "kafka-password", "kafka-username"].map(str::to_owned);
    assert_eq!(keys("pubsub"), BTreeSet::from(kafka));
    assert_eq!(
        keys("statestore"),
        BTreeSet::from([STATE_ADDRESS.to_owned()])
    );
}

/// Whoever has the address can change what counts as handled.
#[test]
fn the_state_store_has_an_address_of_its_own_that_no_service_may_ask_for() {
    let store = component("local", STATE_STORE);
    let auth = store.auth.map(|auth| auth.secret_store);
    assert_eq!(auth.as_deref(), Some(SECRET_STORE));
    let entries = store.spec.metadata.into_iter();
    let refs: Vec<_> = entries.filter_map(|entry| entry.secret_key_ref).collect();
    // In a file a secret has one value, under its own name.
    let address = SecretKeyRef {
        name: STATE_ADDRESS.to_owned(),
        key: STATE_ADDRESS.to_owned(),
    };
    assert_eq!(refs, [address]);
    let scopes = configuration("local").spec.secrets.scopes;
    assert!(!scopes[0].allowed_secrets.contains(STATE_ADDRESS));
}

/// Whatever is not named is refused: callbacks of Dapr above all, by which an event could be forged.
#[test]
fn only_the_web_app_may_call_and_only_the_api() {
    let control = configuration("kubernetes").spec.access_control.unwrap();
    assert_eq!(control.default_action, "deny");
    let [web]: [Policy; 1] = control.policies.try_into().unwrap();
    assert_eq!(
        (web.app_id.as_str(), web.default_action.as_str()),
        ("web", "deny")
    );
    // A policy of another trust domain or namespace than the caller's certificate counts for nothing.
    assert_eq!(web.trust_domain, control.trust_domain);
    assert_eq!(web.namespace, "errand");
    assert!(
        web.operations
            .iter()
            .all(|operation| operation.action == "allow")
    );
    let allowed: BTreeSet<String> = web
        .operations
        .into_iter()
        .map(|operation| operation.name)
        .collect();
    // Browsers have live updates from realtime-service itself.
    let api = services().filter(|service| service != "errand.v1.UpdateService");
    assert_eq!(
        allowed,
        api.map(|service| format!("/{service}/*")).collect()
    );

    // On one machine sidecars have no certificates, and no caller has a name.
    assert!(configuration("local").spec.access_control.is_none());
}

#[test]
fn everything_of_a_cluster_is_in_one_namespace() {
    let folder = folder("kubernetes");
    let grants: Vec<Grant> = read_all(&folder.join("secret-reader.yaml"));
    let resiliency: Resource<serde_norway::Value> = read(&folder.join("resources/resiliency.yaml"));
    let components = components("kubernetes").into_values();
    let all = grants
        .into_iter()
        .map(|grant| grant.metadata)
        .chain(components.map(|component| component.metadata))
        .chain([resiliency.metadata, configuration("kubernetes").metadata]);
    for metadata in all {
        assert_eq!(
            metadata.namespace.as_deref(),
            Some("errand"),
            "{}",
            metadata.name
        );
    }
}

fn configuration(place: &str) -> Resource<ConfigurationSpec> {
    let configuration: Resource<ConfigurationSpec> =
        read(&folder(place).join("configuration.yaml"));
    assert_eq!(configuration.kind, "Configuration");
    configuration
}

/// Every gRPC service of the API.
fn services() -> impl Iterator<Item = String> {
    let files = FileDescriptorSet::decode(proto::FILE_DESCRIPTOR_SET).unwrap();
    let ours = files
        .file
        .into_iter()
        .filter(|file| file.package() == "errand.v1");
    ours.flat_map(|file| file.service)
        .map(|service| format!("errand.v1.{}", service.name()))
}
