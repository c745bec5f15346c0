//! The files in `dapr/`, as far as tests look into them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use serde::{Deserialize, de::DeserializeOwned};

/// The folders that say the same, each for one place to run.
pub(crate) const PLACES: [&str; 2] = ["local", "kubernetes"];

/// A resource of Dapr.
#[derive(Debug, Deserialize)]
pub(crate) struct Resource<S> {
    pub(crate) kind: String,
    pub(crate) metadata: Metadata,
    pub(crate) spec: S,
    #[serde(default)]
    pub(crate) auth: Option<Auth>,
    #[serde(default)]
    pub(crate) scopes: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) namespace: Option<String>,
}

/// Where references to secrets are looked up.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Auth {
    pub(crate) secret_store: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct ComponentSpec {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) version: String,
    pub(crate) metadata: Vec<Entry>,
}

/// A setting of a component: its value, or where it comes from.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) name: String,
    #[serde(default)]
    value: Option<String>,
    #[serde(default)]
    pub(crate) secret_key_ref: Option<SecretKeyRef>,
    #[serde(default)]
    env_ref: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
pub(crate) struct SecretKeyRef {
    pub(crate) name: String,
    pub(crate) key: String,
}

impl Resource<ComponentSpec> {
    /// The value of a setting that stands in the file itself.
    pub(crate) fn value(&self, name: &str) -> &str {
        let entry = self.spec.metadata.iter().find(|entry| entry.name == name);
        let value = entry.and_then(|entry| entry.value.as_deref());
        value.unwrap_or_else(|| panic!("{} has no {name}", self.metadata.name))
    }
}

/// One component of a place.
pub(crate) fn component(place: &str, name: &str) -> Resource<ComponentSpec> {
    components(place).remove(name).unwrap()
}

/// All components of a place, by name.
pub(crate) fn components(place: &str) -> BTreeMap<String, Resource<ComponentSpec>> {
    let files = fs::read_dir(folder(place).join("resources")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    let resources = paths
        .filter(|path| !path.ends_with("resiliency.yaml"))
        .map(|path| {
            let resource: Resource<ComponentSpec> = read(&path);
            assert_eq!(resource.kind, "Component");
            assert_eq!(path.file_stem().unwrap(), resource.metadata.name.as_str());
            (resource.metadata.name.clone(), resource)
        });
    resources.collect()
}

/// What a file says.
pub(crate) fn read<R: DeserializeOwned>(path: &Path) -> R {
    let mut documents = read_all(path);
    assert_eq!(documents.len(), 1, "{}", path.display());
    documents.remove(0)
}

/// What each document of a file says.
pub(crate) fn read_all<R: DeserializeOwned>(path: &Path) -> Vec<R> {
    let text = fs::read_to_string(path).unwrap();
    let documents = serde_norway::Deserializer::from_str(&text).map(R::deserialize);
    let documents = documents.collect::<Result<Vec<R>, _>>();
    documents.unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The folder of a place.
pub(crate) fn folder(place: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../dapr")
        .join(place)
}
