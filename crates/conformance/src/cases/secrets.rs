//! Secrets.

use std::collections::{BTreeMap, HashMap};

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::runtime::v1::{GetBulkSecretRequest, GetSecretRequest};
use tonic::{Code, Status};

use crate::{
    app::App,
    target::{SecretsSource, SecretsSpec},
    wait::same,
    world::{Sidecar, World},
};

const ENVIRONMENT: &str = "env-secrets";
const FILE: &str = "file-secrets";

async fn with_secrets(world: &World, allowed: Option<Vec<String>>) -> Result<(App, Sidecar)> {
    let variables = [
        ("CONFORMANCE_SECRET", "of the environment"),
        ("CONFORMANCE_OTHER", "another"),
        ("APP_API_TOKEN", "never to be seen"),
        ("DAPR_API_TOKEN", "never to be seen"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let file = r#"{"database":{"url":"of the file"},"plain":"another"}"#;
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    spec.app_api_token = Some("never to be seen".to_owned());
    spec.api_token = Some("never to be seen".to_owned());
    spec.secrets = vec![
        SecretsSpec {
            name: ENVIRONMENT.to_owned(),
            source: SecretsSource::Environment(BTreeMap::from(variables)),
            allowed: allowed.clone(),
        },
        SecretsSpec {
            name: FILE.to_owned(),
            source: SecretsSource::File(file.to_owned()),
            allowed,
        },
    ];
    let sidecar = world.start(spec).await?;
    Ok((app, sidecar))
}

async fn secret(
    sidecar: &Sidecar,
    store: &str,
    key: &str,
) -> Result<Result<HashMap<String, String>, Status>> {
    let request = sidecar.request(GetSecretRequest {
        store_name: store.to_owned(),
        key: key.to_owned(),
        metadata: HashMap::new(),
    })?;
    let answer = sidecar.client().await?.get_secret(request).await;
    Ok(answer.map(|response| response.into_inner().data))
}

async fn all(sidecar: &Sidecar, store: &str) -> Result<BTreeMap<String, String>> {
    let request = sidecar.request(GetBulkSecretRequest {
        store_name: store.to_owned(),
        metadata: HashMap::new(),
    })?;
    let data = sidecar
        .client()
        .await?
        .get_bulk_secret(request)
        .await?
        .into_inner()
        .data;
    Ok(data
        .into_values()
        .flat_map(|secret| secret.secrets)
        .collect())
}

pub(crate) async fn an_environment_variable_is_a_secret(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    let data = secret(&sidecar, ENVIRONMENT, "CONFORMANCE_SECRET").await??;
    let expected = HashMap::from([(
        "CONFORMANCE_SECRET".to_owned(),
        "of the environment".to_owned(),
    )]);
    same("the secret", data, expected)?;
    let all = all(&sidecar, ENVIRONMENT).await?;
    same(
        "among all",
        all.get("CONFORMANCE_OTHER").map(String::as_str),
        Some("another"),
    )
}

pub(crate) async fn a_variable_that_is_not_set_is_an_empty_secret(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    let data = secret(&sidecar, ENVIRONMENT, "CONFORMANCE_NOT_SET").await??;
    same(
        "the secret",
        data.get("CONFORMANCE_NOT_SET").map(String::as_str),
        Some(""),
    )
}

pub(crate) async fn the_tokens_are_never_given_out(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    for token in ["APP_API_TOKEN", "DAPR_API_TOKEN", "app_api_token"] {
        let data = secret(&sidecar, ENVIRONMENT, token).await??;
        ensure!(data.values().all(String::is_empty), "{token} is given out");
    }
    let all = all(&sidecar, ENVIRONMENT).await?;
    ensure!(
        all.contains_key("CONFORMANCE_SECRET"),
        "others are given out"
    );
    ensure!(
        all.values().all(|secret| secret != "never to be seen"),
        "a token is given out"
    );
    Ok(())
}

pub(crate) async fn a_file_has_nested_keys(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    let data = secret(&sidecar, FILE, "database:url").await??;
    same(
        "nested",
        data.get("database:url").map(String::as_str),
        Some("of the file"),
    )?;
    let data = secret(&sidecar, FILE, "plain").await??;
    same(
        "plain",
        data.get("plain").map(String::as_str),
        Some("another"),
    )?;
    let names: Vec<_> = all(&sidecar, FILE).await?.into_keys().collect();
    same("all", names, ["database:url", "plain"])
}

pub(crate) async fn a_key_that_a_file_lacks_is_an_error(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    let refused = secret(&sidecar, FILE, "missing")
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::Internal)
}

pub(crate) async fn only_allowed_keys_are_given_out(world: World) -> Result<()> {
    let allowed = vec!["CONFORMANCE_SECRET".to_owned(), "plain".to_owned()];
    let (_app, sidecar) = with_secrets(&world, Some(allowed)).await?;
    secret(&sidecar, ENVIRONMENT, "CONFORMANCE_SECRET").await??;
    secret(&sidecar, FILE, "plain").await??;
    for (store, key) in [(ENVIRONMENT, "CONFORMANCE_OTHER"), (FILE, "database:url")] {
        let refused = secret(&sidecar, store, key)
            .await?
            .err()
            .context("an error")?;
        same("code", refused.code(), Code::PermissionDenied)?;
        ensure!(
            !all(&sidecar, store).await?.contains_key(key),
            "{key} is among all"
        );
    }
    Ok(())
}

pub(crate) async fn an_unknown_store_is_an_invalid_argument(world: World) -> Result<()> {
    let (_app, sidecar) = with_secrets(&world, None).await?;
    let refused = secret(&sidecar, "no-such-store", "key")
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::InvalidArgument)
}
