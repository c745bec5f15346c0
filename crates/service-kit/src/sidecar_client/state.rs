//! The state store.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use dapr::dapr::proto::{
    common::v1::StateItem,
    runtime::v1::{GetBulkStateRequest, GetStateRequest, SaveStateRequest},
};

use super::{SidecarClient, SidecarError};

/// One value to keep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateEntry {
    /// Its key.
    pub key: String,
    /// Its value, kept as it is.
    pub value: Vec<u8>,
    /// How long it is kept.
    pub lifetime: Duration,
}

impl SidecarClient {
    /// Whether there is a value for the key.
    pub async fn state_exists(
        &self,
        store: &str,
        key: &str,
        timeout: Duration,
    ) -> Result<bool, SidecarError> {
        let request = GetStateRequest {
            store_name: store.to_owned(),
            key: key.to_owned(),
            consistency: 0,
            metadata: HashMap::new(),
        };
        let call = self.call(request, timeout, |mut client, request| async move {
            client.get_state(request).await
        });
        Ok(!call.await?.into_inner().data.is_empty())
    }

    /// Those of the keys for which there are values.
    pub async fn state_existing(
        &self,
        store: &str,
        keys: Vec<String>,
        timeout: Duration,
    ) -> Result<HashSet<String>, SidecarError> {
        let request = GetBulkStateRequest {
            store_name: store.to_owned(),
            keys,
            parallelism: 0,
            metadata: HashMap::new(),
        };
        let call = self.call(request, timeout, |mut client, request| async move {
            client.get_bulk_state(request).await
        });
        let items = call.await?.into_inner().items;
        Ok(items
            .into_iter()
            .filter(|item| !item.data.is_empty())
            .map(|item| item.key)
            .collect())
    }

    /// Keeps values. They are written one by one: after an error some may be there.
    pub async fn state_save(
        &self,
        store: &str,
        entries: Vec<StateEntry>,
        timeout: Duration,
    ) -> Result<(), SidecarError> {
        let states = entries.into_iter().map(|entry| StateItem {
            key: entry.key,
            value: entry.value,
            etag: None,
            metadata: HashMap::from([(
                "ttlInSeconds".to_owned(),
                entry.lifetime.as_secs().to_string(),
            )]),
            options: None,
        });
        let request = SaveStateRequest {
            store_name: store.to_owned(),
            states: states.collect(),
        };
        self.call(request, timeout, |mut client, request| async move {
            client.save_state(request).await
        })
        .await?;
        Ok(())
    }
}
