//! The server stream.

use std::time::Duration;

use domain::AppId;
use e2e::{System, http_get};
use proto::v1::{StreamUpdatesRequest, UpdateAction, update_service_client::UpdateServiceClient};
use testkit::{Updates, eventually, task};
use tokio::sync::Mutex;
use tonic::{Code, Request, Status};

use crate::caller::Caller;

/// Less than the pause before a heartbeat, so that whatever comes within it came unpushed.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Held by each test that opens streams, as some count those of the whole system.
pub(crate) static STREAMS: Mutex<()> = Mutex::const_new(());

#[tokio::test]
async fn updates_come_through_another_apps_sidecar_as_they_happen() {
    let _held = STREAMS.lock().await;
    let system = System::found();
    let user = system.user("updates-through-web").await;
    let web = Caller::web(&system, user.name()).await;
    open_streams(&system, 0).await;

    // Sidecars pass on headers with the first message only, and nothing happens before it.
    let opening = tokio::time::timeout(AT_ONCE, watch(&web, |_| {}));
    let mut updates = opening.await.expect("the first message at once").unwrap();
    assert!(!updates.ready.resumed);
    open_streams(&system, 1).await;

    for title in ["One", "Two", "Three"] {
        let created = user.create(0, task(title)).await.unwrap();
        let (action, seen) = updates.task().await;
        assert_eq!(action, UpdateAction::Created);
        assert_eq!(seen, created);
    }
    drop(updates);
    open_streams(&system, 0).await;
}

/// The client's own clock ends nothing once the stream is open: the sidecars do, without a word.
#[tokio::test]
async fn a_stream_ends_with_its_deadline() {
    let _held = STREAMS.lock().await;
    let system = System::found();
    let web = Caller::web(&system, "deadline-through-web").await;
    open_streams(&system, 0).await;
    let soon = |request: &mut Request<StreamUpdatesRequest>| {
        request.set_timeout(Duration::from_secs(3));
    };
    let mut updates = watch(&web, soon).await.unwrap();
    let end = updates.next().await.unwrap_err();
    let told = [Code::DeadlineExceeded, Code::Cancelled];
    assert!(told.contains(&end.code()), "{end}");
    open_streams(&system, 0).await;
}

#[tokio::test]
async fn a_stream_that_may_not_open_says_why() {
    let system = System::found();
    let web = Caller::web(&system, "nobody").await.signed_out();
    let status = watch(&web, |_| {}).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated, "{status}");
}

/// Opens a stream and waits for its first message.
pub(crate) async fn watch(
    caller: &Caller,
    change: impl FnOnce(&mut Request<StreamUpdatesRequest>),
) -> Result<Updates, Status> {
    let mut client = UpdateServiceClient::new(caller.to(AppId::RealtimeService));
    let mut request = Request::new(StreamUpdatesRequest::default());
    let is_stream = "true".parse().unwrap();
    request.metadata_mut().insert("dapr-stream", is_stream);
    change(&mut request);
    let answer = client.stream_updates(request).await?;
    Updates::begin(answer.into_inner()).await
}

/// Waits until the replicas of realtime-service have so many streams.
async fn open_streams(system: &System, expected: u64) {
    eventually(&format!("{expected} open streams"), async || {
        let mut streams = 0;
        for replica in 0..system.replicas() {
            let address = system.address(AppId::RealtimeService, replica);
            let (_, metrics) = http_get(address, "/metrics").await.ok()?;
            let mut lines = metrics.lines();
            // A replica that never had one says nothing of them.
            let line = lines.find(|line| line.starts_with("errand_streams"));
            let count = line.and_then(|line| line.rsplit(' ').next());
            streams += count.map_or(0, |count| count.parse::<u64>().unwrap());
        }
        (streams == expected).then_some(())
    })
    .await;
}
