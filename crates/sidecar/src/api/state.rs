//! State (dapr `pkg/api/grpc/grpc.go`, components-contrib `state/postgresql/v2`).

use std::collections::HashMap;

use chrono::{DateTime, SecondsFormat, Utc};
use dapr::dapr::proto::{
    common::v1::{Etag, StateItem, StateOptions, state_options::StateConcurrency},
    runtime::v1::{
        BulkStateItem, DeleteBulkStateRequest, DeleteStateRequest, ExecuteStateTransactionRequest,
        GetBulkStateRequest, GetBulkStateResponse, GetStateRequest, GetStateResponse,
        SaveStateRequest,
    },
};
use tonic::Status;

use super::storage_failed;
use crate::{
    cloud_event::metadata_value,
    config::StateComponent,
    engine::{Concurrency, StateFailure, StateOperation, StateRow},
    sidecar::Runtime,
};

pub(super) async fn get_state(
    runtime: &Runtime,
    request: GetStateRequest,
) -> Result<GetStateResponse, Status> {
    let component = component(runtime, &request.store_name)?;
    let key = stored_key(component, &request.key)?;
    let rows = read(runtime, vec![key]).await?;
    let row = rows.into_iter().next().flatten();
    Ok(
        row.map_or_else(GetStateResponse::default, |row| GetStateResponse {
            metadata: expiry(&row),
            data: row.value,
            etag: row.etag,
        }),
    )
}

/// A key that is not there comes back with empty data.
pub(super) async fn get_bulk_state(
    runtime: &Runtime,
    request: GetBulkStateRequest,
) -> Result<GetBulkStateResponse, Status> {
    let component = component(runtime, &request.store_name)?;
    let keys: Vec<_> = request
        .keys
        .iter()
        .map(|key| stored_key(component, key))
        .collect::<Result<_, _>>()?;
    let rows = read(runtime, keys).await?;
    let items = request
        .keys
        .into_iter()
        .zip(rows)
        .map(|(key, row)| match row {
            Some(row) => BulkStateItem {
                key,
                metadata: expiry(&row),
                data: row.value,
                etag: row.etag,
                error: String::new(),
            },
            None => BulkStateItem {
                key,
                ..BulkStateItem::default()
            },
        });
    Ok(GetBulkStateResponse {
        items: items.collect(),
    })
}

/// Each item stands for itself: when one is refused, the others are written all the same.
pub(super) async fn save_state(runtime: &Runtime, request: SaveStateRequest) -> Result<(), Status> {
    let component = component(runtime, &request.store_name)?;
    let operations = request
        .states
        .into_iter()
        .map(|item| upsert(component, item))
        .collect::<Result<_, _>>()?;
    apply(runtime, operations, "failed saving state").await
}

pub(super) async fn delete_state(
    runtime: &Runtime,
    request: DeleteStateRequest,
) -> Result<(), Status> {
    let component = component(runtime, &request.store_name)?;
    let operation = delete(component, &request.key, request.etag)?;
    apply(runtime, vec![operation], "failed deleting state").await
}

pub(super) async fn delete_bulk_state(
    runtime: &Runtime,
    request: DeleteBulkStateRequest,
) -> Result<(), Status> {
    let component = component(runtime, &request.store_name)?;
    let operations = request
        .states
        .into_iter()
        .map(|item| delete(component, &item.key, item.etag))
        .collect::<Result<_, _>>()?;
    apply(runtime, operations, "failed deleting state").await
}

/// All or nothing. Every refusal is INTERNAL here, that of an etag too, as in daprd.
pub(super) async fn execute_state_transaction(
    runtime: &Runtime,
    request: ExecuteStateTransactionRequest,
) -> Result<(), Status> {
    let component = component(runtime, &request.store_name)?;
    let mut operations = Vec::with_capacity(request.operations.len());
    for operation in request.operations {
        let item = operation.request.unwrap_or_default();
        operations.push(match operation.operation_type.as_str() {
            "upsert" => upsert(component, item)?,
            "delete" => delete(component, &item.key, item.etag)?,
            other => {
                return Err(Status::unimplemented(format!(
                    "operation type {other} not supported"
                )));
            }
        });
    }
    runtime
        .engine
        .state()
        .transact(operations)
        .await
        .map_err(|error| storage_failed("error while executing state transaction", &error))?
        .map_err(|failure| {
            Status::internal(format!(
                "error while executing state transaction: {failure}"
            ))
        })
}

fn component<'r>(runtime: &'r Runtime, name: &str) -> Result<&'r StateComponent, Status> {
    if runtime.state.is_empty() {
        return Err(Status::failed_precondition("state store is not configured"));
    }
    let found = runtime
        .state
        .iter()
        .find(|component| component.name == name);
    found.ok_or_else(|| Status::invalid_argument(format!("state store {name} is not found")))
}

fn stored_key(component: &StateComponent, key: &str) -> Result<String, Status> {
    if key.contains(SEPARATOR) {
        return Err(Status::invalid_argument(format!(
            "input key/keyPrefix '{key}' can't contain '{SEPARATOR}'"
        )));
    }
    Ok(format!("{}{SEPARATOR}{key}", component.key_prefix))
}

async fn read(runtime: &Runtime, keys: Vec<String>) -> Result<Vec<Option<StateRow>>, Status> {
    let rows = runtime.engine.state().get(keys).await;
    rows.map_err(|error| storage_failed("failed to get state", &error))
}

async fn apply(
    runtime: &Runtime,
    operations: Vec<StateOperation>,
    what: &str,
) -> Result<(), Status> {
    if operations.is_empty() {
        return Ok(());
    }
    runtime
        .engine
        .state()
        .apply(operations)
        .await
        .map_err(|error| storage_failed(what, &error))?
        .map_err(|failure| {
            let message = format!("{what}: {failure}");
            match failure {
                StateFailure::EtagMismatch => Status::aborted(message),
                StateFailure::NotUpdated => Status::internal(message),
            }
        })
}

fn upsert(component: &StateComponent, item: StateItem) -> Result<StateOperation, Status> {
    if item.key.is_empty() {
        return Err(Status::invalid_argument("state key cannot be empty"));
    }
    Ok(StateOperation::Upsert {
        key: stored_key(component, &item.key)?,
        value: item.value,
        etag: given(item.etag),
        concurrency: concurrency(item.options),
        ttl: ttl(&item.metadata)?,
    })
}

fn delete(
    component: &StateComponent,
    key: &str,
    etag: Option<Etag>,
) -> Result<StateOperation, Status> {
    Ok(StateOperation::Delete {
        key: stored_key(component, key)?,
        etag: given(etag),
    })
}

fn given(etag: Option<Etag>) -> Option<String> {
    etag.map(|etag| etag.value).filter(|etag| !etag.is_empty())
}

fn concurrency(options: Option<StateOptions>) -> Concurrency {
    match options.map(|options| options.concurrency()) {
        Some(StateConcurrency::ConcurrencyFirstWrite) => Concurrency::FirstWrite,
        _ => Concurrency::LastWrite,
    }
}

/// Seconds until the value expires; a negative number or zero means never.
fn ttl(metadata: &HashMap<String, String>) -> Result<Option<u32>, Status> {
    let Some(text) = metadata_value(metadata, "ttlInSeconds") else {
        return Ok(None);
    };
    let seconds: i64 = text.parse().map_err(|_| {
        Status::internal(format!(
            "error parsing TTL: {text:?} is no number of seconds"
        ))
    })?;
    if seconds <= 0 {
        return Ok(None);
    }
    u32::try_from(seconds)
        .map(Some)
        .map_err(|_| Status::internal(format!("error parsing TTL: {seconds} is too large")))
}

fn expiry(row: &StateRow) -> HashMap<String, String> {
    let time = row
        .expires_at
        .and_then(DateTime::<Utc>::from_timestamp_millis);
    time.map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true))
        .map(|time| HashMap::from([("ttlExpireTime".to_owned(), time)]))
        .unwrap_or_default()
}

/// What stands between prefix and key.
const SEPARATOR: &str = "||";
