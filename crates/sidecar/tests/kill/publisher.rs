//! Publishes and saves without pause and notes what was acknowledged, until it is killed.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use dapr::dapr::proto::{
    common::v1::StateItem,
    runtime::v1::{PublishEventRequest, SaveStateRequest, dapr_client::DaprClient},
};
use futures::future::try_join_all;
use sidecar::{
    ConsumerGroup, Engine, EngineConfig, PubSubComponent, SidecarConfig, StateComponent, start,
};
use tokio_util::sync::CancellationToken;
use tonic::transport::{Channel, Endpoint};

/// Opens the engine in `folder` and appends the id of an event to `journal` once the engine has
/// acknowledged the event and a value under the same id.
pub async fn run(folder: &Path, journal: &Path, run: &str) -> Result<()> {
    let mut config = EngineConfig::new(folder);
    config.default_partitions = 4;
    let engine = Engine::open(config).await?;
    // Nobody serves this app: it only publishes.
    let mut config = SidecarConfig::new("publisher", "127.0.0.1:1".parse()?);
    config.pubsub = vec![PubSubComponent::new("pubsub", ConsumerGroup::AppId)];
    config.state = vec![StateComponent {
        name: "statestore".to_owned(),
        key_prefix: "publisher".to_owned(),
    }];
    let sidecar = start(engine, config, CancellationToken::new()).await?;
    let endpoint = Endpoint::from_shared(format!("http://{}", sidecar.local_addr()))?;
    let client = DaprClient::new(endpoint.connect().await?);

    let journal = OpenOptions::new().create(true).append(true).open(journal)?;
    let journal = Arc::new(Mutex::new(journal));
    let number = Arc::new(AtomicU64::new(0));
    let publishers = (0..16).map(|_| publish(client.clone(), run, &number, &journal));
    try_join_all(publishers).await.map(drop)
}

async fn publish(
    mut client: DaprClient<Channel>,
    run: &str,
    number: &AtomicU64,
    journal: &Mutex<std::fs::File>,
) -> Result<()> {
    loop {
        let id = format!("{run}-{}", number.fetch_add(1, Ordering::Relaxed));
        let metadata = [("cloudevent.id", &id), ("partitionKey", &id)];
        let metadata = metadata
            .map(|(name, value)| (name.to_owned(), value.clone()))
            .into_iter()
            .collect();
        let request = PublishEventRequest {
            pubsub_name: "pubsub".to_owned(),
            topic: "journal".to_owned(),
            data: b"{}".to_vec(),
            data_content_type: "application/json".to_owned(),
            metadata,
        };
        client.publish_event(request).await?;
        let item = StateItem {
            key: id.clone(),
            value: b"saved".to_vec(),
            ..StateItem::default()
        };
        let request = SaveStateRequest {
            store_name: "statestore".to_owned(),
            states: vec![item],
        };
        client.save_state(request).await?;
        let mut journal = journal
            .lock()
            .map_err(|_| anyhow::anyhow!("a publisher panicked"))?;
        // One write of a whole line, so that a kill leaves no half of one behind another.
        journal.write_all(format!("{id}\n").as_bytes())?;
    }
}
