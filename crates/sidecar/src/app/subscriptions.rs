//! What the app subscribes to, asked once (dapr `pkg/runtime/pubsub/subscriptions.go`).

use std::{collections::HashMap, sync::Arc, time::Duration};

use dapr::dapr::proto::runtime::v1::{
    PubsubSubscription, PubsubSubscriptionType, TopicSubscription,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tonic::Code;

use crate::{
    config::ConsumerGroup,
    delivery::{self, Subscription},
    engine::{App, Group, StorageError},
    sidecar::Runtime,
};

/// The subscriptions of one run of the sidecar, with the `{uuid}` groups that live as long as it.
pub(super) struct Subscriptions {
    subscriptions: Vec<Arc<Subscription>>,
    unique_groups: HashMap<String, Group>,
}

impl Subscriptions {
    /// Asks the app. An app that cannot answer has no subscriptions until the sidecar is started
    /// anew: Dapr does not ask again.
    pub(super) async fn ask(runtime: &Runtime, app: &App) -> Self {
        let listed = if runtime.pubsub.is_empty() {
            Vec::new()
        } else {
            listed(runtime, app).await
        };
        let mut subscriptions: Vec<Arc<Subscription>> = Vec::new();
        for subscription in listed {
            match understood(runtime, &subscription) {
                Ok(understood)
                    if subscriptions
                        .iter()
                        .any(|known| known.same_topic(&understood)) =>
                {
                    tracing::warn!(
                        app = runtime.app_id,
                        topic = subscription.topic,
                        "subscribed twice"
                    );
                }
                Ok(understood) => subscriptions.push(Arc::new(understood)),
                Err(reason) => tracing::error!(
                    app = runtime.app_id,
                    pubsub = subscription.pubsub_name,
                    topic = subscription.topic,
                    reason,
                    "failed to subscribe to a topic"
                ),
            }
        }
        runtime.set_subscriptions(
            subscriptions
                .iter()
                .map(|subscription| shown(subscription))
                .collect(),
        );
        let unique_groups = runtime
            .pubsub
            .iter()
            .filter(|component| component.consumer_group == ConsumerGroup::UniquePerStart)
            .map(|component| {
                (
                    component.name.clone(),
                    runtime.engine.log().ephemeral_group(),
                )
            })
            .collect();
        Self {
            subscriptions,
            unique_groups,
        }
    }

    /// Starts delivering until `active` is cancelled.
    pub(super) fn start(
        &self,
        runtime: &Arc<Runtime>,
        app: &Arc<App>,
        active: &CancellationToken,
        workers: &TaskTracker,
    ) {
        for subscription in &self.subscriptions {
            let group = self.unique_groups.get(&subscription.pubsub).cloned();
            let start = start_one(
                Arc::clone(runtime),
                Arc::clone(app),
                Arc::clone(subscription),
                group,
                active.clone(),
                workers.clone(),
            );
            runtime
                .tasks
                .spawn("subscription", workers.track_future(start));
        }
    }
}

/// A subscription that cannot be started is tried again without end.
async fn start_one(
    runtime: Arc<Runtime>,
    app: Arc<App>,
    subscription: Arc<Subscription>,
    unique_group: Option<Group>,
    active: CancellationToken,
    workers: TaskTracker,
) {
    while !active.is_cancelled() {
        match start_workers(
            &runtime,
            &app,
            &subscription,
            unique_group.as_ref(),
            &active,
            &workers,
        )
        .await
        {
            Ok(()) => return,
            Err(error) => {
                tracing::error!(topic = subscription.topic, error = ?error, "a subscription cannot start");
                active
                    .run_until_cancelled(tokio::time::sleep(Duration::from_secs(1)))
                    .await;
            }
        }
    }
}

async fn start_workers(
    runtime: &Arc<Runtime>,
    app: &Arc<App>,
    subscription: &Arc<Subscription>,
    unique_group: Option<&Group>,
    active: &CancellationToken,
    workers: &TaskTracker,
) -> Result<(), StorageError> {
    let log = runtime.engine.log();
    let topic = log.topic(&subscription.topic).await?;
    let group = match unique_group {
        Some(group) => {
            log.join_ephemeral(group, &topic);
            group.clone()
        }
        None => log.join(&runtime.app_id, &topic).await?,
    };
    let seat = Arc::new(log.take_seat(&group, &topic));
    for partition in &topic.partitions {
        let worker = delivery::Worker {
            runtime: Arc::clone(runtime),
            app: Arc::clone(app),
            subscription: Arc::clone(subscription),
            topic: Arc::clone(&topic),
            partition: Arc::clone(partition),
            group: group.clone(),
            seat: Arc::clone(&seat),
            active: active.clone(),
        };
        runtime
            .tasks
            .spawn("delivery", workers.track_future(worker.run()));
    }
    Ok(())
}

/// Dapr's built-in policy for this one call: 3 retries, 500 ms growing to 1 s.
async fn listed(runtime: &Runtime, app: &App) -> Vec<TopicSubscription> {
    let mut pauses = [500, 750, 1000].map(Duration::from_millis).into_iter();
    loop {
        match app.callback().list_topic_subscriptions(()).await {
            Ok(response) => return response.into_inner().subscriptions,
            Err(status) if status.code() == Code::Unimplemented => {
                tracing::info!(app = runtime.app_id, "the app has no subscriptions");
                return Vec::new();
            }
            Err(status) => {
                let Some(pause) = pauses.next() else {
                    tracing::error!(app = runtime.app_id, %status, "the app does not say what it subscribes to; it is not asked again");
                    return Vec::new();
                };
                tracing::warn!(app = runtime.app_id, %status, "the app does not say what it subscribes to");
                tokio::time::sleep(pause).await;
            }
        }
    }
}

fn understood(
    runtime: &Runtime,
    subscription: &TopicSubscription,
) -> Result<Subscription, &'static str> {
    let component = runtime
        .pubsub_component(&subscription.pubsub_name)
        .ok_or("there is no such pub/sub component")?;
    if subscription.topic.is_empty() {
        return Err("the topic has no name");
    }
    if !component.may_subscribe(&subscription.topic) {
        return Err("the app may not subscribe to this topic");
    }
    if subscription
        .routes
        .as_ref()
        .is_some_and(|routes| !routes.rules.is_empty())
    {
        return Err("routing rules are not supported by the embedded sidecar");
    }
    Ok(Subscription::new(subscription))
}

fn shown(subscription: &Subscription) -> PubsubSubscription {
    PubsubSubscription {
        pubsub_name: subscription.pubsub.clone(),
        topic: subscription.topic.clone(),
        metadata: subscription.metadata.clone(),
        rules: None,
        dead_letter_topic: subscription.dead_letter_topic.clone().unwrap_or_default(),
        r#type: PubsubSubscriptionType::Programmatic.into(),
    }
}
