//! Reading state, and how long it lasts.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::{
    common::v1::StateItem,
    runtime::v1::{
        DeleteBulkStateRequest, DeleteStateRequest, GetBulkStateRequest, GetStateRequest,
        GetStateResponse, SaveStateRequest,
    },
};
use tonic::{Code, Status};

use crate::{
    app::App,
    wait::{self, same},
    world::{STORE, Sidecar, World},
};

/// An item to save.
pub(super) fn item(key: &str, value: &str) -> StateItem {
    StateItem {
        key: key.to_owned(),
        value: value.as_bytes().to_vec(),
        ..StateItem::default()
    }
}

pub(super) async fn save(sidecar: &Sidecar, states: Vec<StateItem>) -> Result<Result<(), Status>> {
    let request = sidecar.request(SaveStateRequest {
        store_name: STORE.to_owned(),
        states,
    })?;
    Ok(sidecar
        .client()
        .await?
        .save_state(request)
        .await
        .map(|_| ()))
}

pub(super) async fn get(sidecar: &Sidecar, key: &str) -> Result<Result<GetStateResponse, Status>> {
    let request = sidecar.request(GetStateRequest {
        store_name: STORE.to_owned(),
        key: key.to_owned(),
        ..GetStateRequest::default()
    })?;
    Ok(sidecar
        .client()
        .await?
        .get_state(request)
        .await
        .map(tonic::Response::into_inner))
}

/// The value of a key as text; empty if there is none.
pub(super) async fn value(sidecar: &Sidecar, key: &str) -> Result<String> {
    Ok(String::from_utf8_lossy(&get(sidecar, key).await??.data).into_owned())
}

pub(crate) async fn what_is_saved_is_read(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "first"), item("b", "other")]).await??;
    same("a", value(&sidecar, "a").await?, "first")?;
    same("b", value(&sidecar, "b").await?, "other")?;
    let before = get(&sidecar, "a").await??.etag;
    ensure!(!before.is_empty(), "a value has an etag");
    save(&sidecar, vec![item("a", "second")]).await??;
    same("a", value(&sidecar, "a").await?, "second")?;
    ensure!(
        get(&sidecar, "a").await??.etag != before,
        "another value has another etag"
    );
    Ok(())
}

pub(crate) async fn a_missing_key_is_empty(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let missing = get(&sidecar, "missing").await??;
    same("data", missing.data.len(), 0)?;
    same("etag", missing.etag.as_str(), "")
}

pub(crate) async fn a_deleted_key_is_empty(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "value")]).await??;
    for _ in 0..2 {
        let request = sidecar.request(DeleteStateRequest {
            store_name: STORE.to_owned(),
            key: "a".to_owned(),
            ..DeleteStateRequest::default()
        })?;
        sidecar.client().await?.delete_state(request).await?;
        same("a", value(&sidecar, "a").await?, "")?;
    }
    Ok(())
}

/// The order is not promised, and a missing key comes back empty.
pub(crate) async fn many_keys_are_read_at_once(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "1"), item("b", "2")]).await??;
    let request = sidecar.request(GetBulkStateRequest {
        store_name: STORE.to_owned(),
        keys: ["a", "missing", "b"].map(str::to_owned).to_vec(),
        ..GetBulkStateRequest::default()
    })?;
    let items = sidecar
        .client()
        .await?
        .get_bulk_state(request)
        .await?
        .into_inner()
        .items;
    let mut found: Vec<_> = items
        .iter()
        .map(|item| {
            (
                item.key.as_str(),
                String::from_utf8_lossy(&item.data).into_owned(),
            )
        })
        .collect();
    found.sort();
    let expected = [("a", "1"), ("b", "2"), ("missing", "")];
    same(
        "items",
        found,
        expected
            .map(|(key, value)| (key, value.to_owned()))
            .to_vec(),
    )?;
    ensure!(
        items
            .iter()
            .all(|item| item.etag.is_empty() == (item.key == "missing")),
        "what is there has an etag"
    );
    Ok(())
}

pub(crate) async fn many_keys_are_deleted_at_once(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(
        &sidecar,
        vec![item("a", "1"), item("b", "2"), item("c", "3")],
    )
    .await??;
    let states = vec![item("a", ""), item("b", "")];
    let request = sidecar.request(DeleteBulkStateRequest {
        store_name: STORE.to_owned(),
        states,
    })?;
    sidecar.client().await?.delete_bulk_state(request).await?;
    same("a", value(&sidecar, "a").await?, "")?;
    same("b", value(&sidecar, "b").await?, "")?;
    same("c", value(&sidecar, "c").await?, "3")
}

pub(crate) async fn keys_belong_to_their_app(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let (_other_app, other) = world.publisher().await?;
    save(&sidecar, vec![item("a", "of the first")]).await??;
    same("of another app", value(&other, "a").await?, "")?;
    save(&other, vec![item("a", "of the other")]).await??;
    same("of the first", value(&sidecar, "a").await?, "of the first")
}

pub(crate) async fn a_key_with_the_separator_is_an_invalid_argument(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let refused = get(&sidecar, "another-app||key")
        .await?
        .err()
        .context("an error")?;
    same("code of a read", refused.code(), Code::InvalidArgument)?;
    let refused = save(&sidecar, vec![item("another-app||key", "")]).await?;
    same(
        "code of a write",
        refused.err().context("an error")?.code(),
        Code::InvalidArgument,
    )
}

pub(crate) async fn an_empty_key_is_an_invalid_argument(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let refused = save(&sidecar, vec![item("a", "value"), item("", "value")]).await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::InvalidArgument,
    )?;
    same("nothing is written", value(&sidecar, "a").await?, "")
}

pub(crate) async fn an_unknown_store_is_an_invalid_argument(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let request = sidecar.request(GetStateRequest {
        store_name: "no-such-store".to_owned(),
        key: "a".to_owned(),
        ..GetStateRequest::default()
    })?;
    let refused = sidecar
        .client()
        .await?
        .get_state(request)
        .await
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::InvalidArgument)
}

pub(crate) async fn no_store_is_a_failed_precondition(world: World) -> Result<()> {
    let app = App::serving(Vec::new()).await?;
    let mut spec = World::spec(&app);
    spec.state.clear();
    let sidecar = world.start(spec).await?;
    let refused = get(&sidecar, "a").await?.err().context("an error")?;
    same("code", refused.code(), Code::FailedPrecondition)
}

fn expiring(key: &str, value: &str, seconds: &str) -> StateItem {
    let metadata = HashMap::from([("ttlInSeconds".to_owned(), seconds.to_owned())]);
    StateItem {
        metadata,
        ..item(key, value)
    }
}

pub(crate) async fn a_value_expires(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let saved = Instant::now();
    save(
        &sidecar,
        vec![expiring("a", "short", "2"), expiring("b", "long", "3600")],
    )
    .await??;
    let read = get(&sidecar, "a").await??;
    same("before", read.data.as_slice(), b"short")?;
    let time = read
        .metadata
        .get("ttlExpireTime")
        .context("ttlExpireTime")?;
    ensure!(
        time.ends_with('Z') && time.len() >= 20,
        "{time} is RFC 3339 in UTC"
    );
    wait::until("the value to expire", async || {
        value(&sidecar, "a").await.ok().filter(String::is_empty)
    })
    .await?;
    ensure!(
        saved.elapsed() >= Duration::from_secs(1),
        "it expired after {:?}",
        saved.elapsed()
    );
    same("the other", value(&sidecar, "b").await?, "long")
}

pub(crate) async fn saving_without_a_ttl_clears_it(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(
        &sidecar,
        vec![expiring("a", "short", "1"), expiring("b", "short", "1")],
    )
    .await??;
    save(&sidecar, vec![item("a", "for ever")]).await??;
    wait::until("the other value to expire", async || {
        value(&sidecar, "b").await.ok().filter(String::is_empty)
    })
    .await?;
    let read = get(&sidecar, "a").await??;
    same("the value", read.data.as_slice(), b"for ever")?;
    same("ttlExpireTime", read.metadata.get("ttlExpireTime"), None)
}

pub(crate) async fn bytes_come_back_as_they_were(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let bytes: Vec<u8> = (0..=255).collect();
    let item = StateItem {
        value: bytes.clone(),
        ..item("a", "")
    };
    save(&sidecar, vec![item]).await??;
    same("the value", get(&sidecar, "a").await??.data, bytes)
}
