//! Services whose sidecars demand to know who calls, as those of a cluster do.

use std::{collections::BTreeSet, fs, path::Path};

use domain::AppId;
use e2e::System;
use serde_norway::Value;
use tempfile::TempDir;

use crate::{
    authority::Authority,
    engine::{App, dapr_folder},
    sidecar::{Plan, Sidecar},
};

/// The file of a cluster that says who may call what.
const CONFIGURATION: &str = "configuration.yaml";

/// Sidecars with certificates, configured as those of a cluster.
#[derive(Debug)]
pub(crate) struct Mesh {
    authority: Option<Authority>,
    namespace: String,
    callees: Vec<(AppId, Sidecar)>,
    folder: TempDir,
}

impl Mesh {
    /// One in which these services can be called.
    pub(crate) async fn of(system: &System, services: &[AppId]) -> Self {
        let authority = Authority::start().await;
        Self::start(system, services, Some(authority)).await
    }

    /// One that is configured alike, in which nobody has a certificate.
    pub(crate) async fn without_certificates(system: &System, services: &[AppId]) -> Self {
        Self::start(system, services, None).await
    }

    async fn start(system: &System, services: &[AppId], authority: Option<Authority>) -> Self {
        let folder = TempDir::new().unwrap();
        let namespace = configure(folder.path());
        let mut mesh = Self {
            authority,
            namespace,
            callees: Vec::new(),
            folder,
        };
        // One after the other: several that make the file of names at the same time can lock one
        // another out of it.
        for app in services {
            let mut plan = mesh.plan(app.as_str());
            plan.app = Some(App::of(system, *app));
            let sidecar = plan.start().await;
            mesh.callees.push((*app, sidecar));
        }
        mesh
    }

    /// A sidecar without an app, in the services' own namespace.
    pub(crate) fn plan(&self, app_id: &str) -> Plan {
        let authority = self.authority.as_ref();
        Plan {
            app_id: app_id.to_owned(),
            app: None,
            configuration: self.folder.path().join(CONFIGURATION),
            folder: self.folder.path().to_owned(),
            identity: authority.map(|authority| authority.identity(&self.namespace)),
        }
    }

    /// The sidecar of a service.
    pub(crate) fn callee(&self, app: AppId) -> &Sidecar {
        let mut callees = self.callees.iter();
        let (_, sidecar) = callees.find(|(callee, _)| *callee == app).unwrap();
        sidecar
    }

    /// The namespace of the services.
    pub(crate) fn namespace(&self) -> &str {
        &self.namespace
    }
}

/// What the configuration of a cluster lets an app call, as it stands there.
pub(crate) fn allowed(app_id: &str) -> BTreeSet<String> {
    let configuration = read("kubernetes");
    let policies = configuration["spec"]["accessControl"]["policies"].as_sequence();
    let policies = policies.unwrap().iter();
    let of_app = policies.filter(|policy| policy["appId"] == app_id);
    let operations = of_app.flat_map(|policy| policy["operations"].as_sequence().unwrap());
    operations
        .filter(|operation| operation["action"] == "allow")
        .map(|operation| operation["name"].as_str().unwrap().to_owned())
        .collect()
}

/// Writes the configuration of a cluster as it is, but for one thing: how sidecars find one another
/// is that of one machine. Gives its namespace.
fn configure(folder: &Path) -> String {
    let mut configuration = read("kubernetes");
    configuration["spec"]["nameResolution"] = read("local")["spec"]["nameResolution"].clone();
    let text = serde_norway::to_string(&configuration).unwrap();
    fs::write(folder.join(CONFIGURATION), text).unwrap();
    let namespace = configuration["metadata"]["namespace"].as_str();
    namespace.unwrap().to_owned()
}

fn read(place: &str) -> Value {
    let file = fs::read_to_string(dapr_folder(place).join(CONFIGURATION)).unwrap();
    serde_norway::from_str(&file).unwrap()
}
