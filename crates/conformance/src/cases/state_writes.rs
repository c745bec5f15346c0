//! Writes of state that may be refused.

use anyhow::{Context as _, Result, ensure};
use dapr::dapr::proto::{
    common::v1::{Etag, StateItem, StateOptions, state_options::StateConcurrency},
    runtime::v1::{
        DeleteStateRequest, ExecuteStateTransactionRequest, TransactionalStateOperation,
    },
};
use tonic::{Code, Status};

use super::state::{get, item, save, value};
use crate::{
    wait::same,
    world::{STORE, Sidecar, World},
};

fn with_etag(item: StateItem, etag: &str) -> StateItem {
    StateItem {
        etag: Some(Etag {
            value: etag.to_owned(),
        }),
        ..item
    }
}

/// An etag that looks like one of the store's and is none.
const STRANGE: &str = "00000000-0000-4000-8000-000000000000";

pub(crate) async fn an_etag_that_fits_is_replaced(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "first")]).await??;
    let etag = get(&sidecar, "a").await??.etag;
    save(&sidecar, vec![with_etag(item("a", "second"), &etag)]).await??;
    same("the value", value(&sidecar, "a").await?, "second")?;
    let refused = save(&sidecar, vec![with_etag(item("a", "third"), &etag)]).await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::Aborted,
    )
}

pub(crate) async fn another_etag_is_aborted(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "first")]).await??;
    for etag in [STRANGE, "not a UUID"] {
        let refused = save(&sidecar, vec![with_etag(item("a", "second"), etag)]).await?;
        same(
            "code",
            refused.err().context("an error")?.code(),
            Code::Aborted,
        )?;
    }
    same("the value", value(&sidecar, "a").await?, "first")
}

pub(crate) async fn an_etag_of_a_missing_key_is_aborted(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let refused = save(&sidecar, vec![with_etag(item("missing", "value"), STRANGE)]).await?;
    same(
        "code",
        refused.err().context("an error")?.code(),
        Code::Aborted,
    )?;
    same("the value", value(&sidecar, "missing").await?, "")
}

/// Without an etag a first write that comes second is INTERNAL, and not ABORTED.
pub(crate) async fn a_first_write_does_not_overwrite(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    let first_write = |value: &str| {
        let options = StateOptions {
            concurrency: StateConcurrency::ConcurrencyFirstWrite.into(),
            ..StateOptions::default()
        };
        StateItem {
            options: Some(options),
            ..item("a", value)
        }
    };
    save(&sidecar, vec![first_write("first")]).await??;
    let refused = save(&sidecar, vec![first_write("second")])
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::Internal)?;
    ensure!(
        refused.message().contains("no item was updated"),
        "{}",
        refused.message()
    );
    same("the value", value(&sidecar, "a").await?, "first")
}

pub(crate) async fn a_delete_with_another_etag_is_aborted(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "value")]).await??;
    let delete = async |etag: &str| -> Result<Result<(), Status>> {
        let request = sidecar.request(DeleteStateRequest {
            store_name: STORE.to_owned(),
            key: "a".to_owned(),
            etag: Some(Etag {
                value: etag.to_owned(),
            }),
            ..DeleteStateRequest::default()
        })?;
        Ok(sidecar
            .client()
            .await?
            .delete_state(request)
            .await
            .map(|_| ()))
    };
    let refused = delete(STRANGE).await?.err().context("an error")?;
    same("code", refused.code(), Code::Aborted)?;
    same("the value", value(&sidecar, "a").await?, "value")?;
    let etag = get(&sidecar, "a").await??.etag;
    delete(&etag).await??;
    same("the value", value(&sidecar, "a").await?, "")
}

/// Items of one call stand each for itself.
pub(crate) async fn one_refused_item_does_not_hold_up_the_others(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("b", "first")]).await??;
    let items = vec![
        item("a", "new"),
        with_etag(item("b", "second"), STRANGE),
        item("c", "new"),
    ];
    let refused = save(&sidecar, items).await?.err().context("an error")?;
    same("code", refused.code(), Code::Aborted)?;
    same("a", value(&sidecar, "a").await?, "new")?;
    same("b", value(&sidecar, "b").await?, "first")?;
    same("c", value(&sidecar, "c").await?, "new")
}

async fn transact(
    sidecar: &Sidecar,
    operations: Vec<(&str, StateItem)>,
) -> Result<Result<(), Status>> {
    let operations = operations
        .into_iter()
        .map(|(operation, item)| TransactionalStateOperation {
            operation_type: operation.to_owned(),
            request: Some(item),
        });
    let request = sidecar.request(ExecuteStateTransactionRequest {
        store_name: STORE.to_owned(),
        operations: operations.collect(),
        ..ExecuteStateTransactionRequest::default()
    })?;
    Ok(sidecar
        .client()
        .await?
        .execute_state_transaction(request)
        .await
        .map(|_| ()))
}

/// A transaction that fails is INTERNAL whatever the reason.
pub(crate) async fn a_transaction_is_all_or_nothing(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "first"), item("b", "first")]).await??;
    let operations = vec![
        ("upsert", item("a", "second")),
        ("upsert", with_etag(item("b", "second"), STRANGE)),
        ("upsert", item("c", "second")),
    ];
    let refused = transact(&sidecar, operations)
        .await?
        .err()
        .context("an error")?;
    same("code", refused.code(), Code::Internal)?;
    same("a", value(&sidecar, "a").await?, "first")?;
    same("b", value(&sidecar, "b").await?, "first")?;
    same("c", value(&sidecar, "c").await?, "")
}

pub(crate) async fn a_transaction_upserts_and_deletes(world: World) -> Result<()> {
    let (_app, sidecar) = world.publisher().await?;
    save(&sidecar, vec![item("a", "first"), item("b", "first")]).await??;
    let etag = get(&sidecar, "a").await??.etag;
    let operations = vec![
        ("upsert", with_etag(item("a", "second"), &etag)),
        ("delete", item("b", "")),
        ("upsert", item("c", "new")),
    ];
    transact(&sidecar, operations).await??;
    same("a", value(&sidecar, "a").await?, "second")?;
    same("b", value(&sidecar, "b").await?, "")?;
    same("c", value(&sidecar, "c").await?, "new")
}
