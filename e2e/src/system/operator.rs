//! What an operator does beside a running engine, and reaches.

use std::{ffi::OsStr, fs};

use domain::AppId;
use errand::settings::Settings;
use service_kit::{SidecarClient, config::Sources};

use super::System;
use crate::process::Process;

/// How far the port of a sidecar is above that of its service, as `scripts/engine-folder.sh` has it.
const SIDECAR_PORTS: u16 = 100;

impl System {
    /// Runs a command of an operator that must end with 1, and gives what it printed, complaints
    /// after results.
    pub async fn errand_failing<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        let (code, said) = super::ended(self.errand_command(arguments)).await;
        assert_eq!(code, Some(1), "{said}");
        said
    }

    /// What the doctor says of a replica, the broker and the database, and whether all is in order.
    pub async fn doctor(&self, app: AppId, replica: usize) -> (bool, String) {
        let name = Process::Service(app, replica).to_string();
        let (code, said) = super::ended(super::engine_command(["doctor", &name])).await;
        match code {
            Some(0) => (true, said),
            Some(1) => (false, said),
            _ => panic!("the doctor ended with {code:?}: {said}"),
        }
    }

    /// The sidecar of a replica, to which the token of its service leads.
    pub fn sidecar(&self, app: AppId, replica: usize) -> SidecarClient {
        let settings = Settings::read(Sources::default()).expect("the defaults are valid");
        let mut config = settings.kit.sidecar;
        config.grpc_port = self.address(app, replica).port() + SIDECAR_PORTS;
        config.api_token = Some(self.token(app, replica).into());
        SidecarClient::new(&config).expect("the address is one")
    }

    fn token(&self, app: AppId, replica: usize) -> String {
        let file = self.folder.join("supervisord.conf");
        let text = fs::read_to_string(file).expect("the engine runs");
        let program = format!("[program:{}]", Process::Service(app, replica));
        let (_, section) = text.split_once(&program).expect("the replica is there");
        let (_, variable) = section
            .split_once("DAPR_API_TOKEN=\"")
            .expect("it has a token");
        let (token, _) = variable.split_once('"').expect("the token ends");
        token.to_owned()
    }
}
