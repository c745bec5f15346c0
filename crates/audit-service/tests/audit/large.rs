//! A trail of very large entries.

use domain::{Description, MAX_DESCRIPTION_LENGTH};
use prost::Message as _;
use proto::v1;
use service_kit::testing::Database;

use crate::support::{World, record, sequences};

service_kit::on_every_database!(a_page_fits_into_what_clients_take);

/// What clients take unless they say otherwise, in bytes.
const LARGEST_ANSWER: usize = 4 << 20;

async fn a_page_fits_into_what_clients_take(database: Database) {
    let world = World::new(database).await;
    let longest = "語".repeat(MAX_DESCRIPTION_LENGTH);
    let mut task = world.create("alice").await;
    task.description = Description::parse(&longest).unwrap();
    for _ in 0..60 {
        let now = world.tick();
        task = world.change(task, |task| task.complete(now).unwrap()).await;
        let now = world.tick();
        let reopen = |task: domain::Task| task.reopen(None, now).unwrap().task;
        task = world.change(task, reopen).await;
    }
    record(&world.test.kit, &world.events().await).await;
    let all = v1::ListAuditLogsRequest {
        page_size: 500,
        ..v1::ListAuditLogsRequest::default()
    };
    let page = world.list("alice", all.clone()).await.unwrap();
    assert!(
        page.encoded_len() < LARGEST_ANSWER,
        "{}",
        page.encoded_len()
    );
    assert!(!page.next_page_token.is_empty());
    let trail = world.trail("alice", all).await;
    let bytes: usize = trail.iter().map(v1::AuditLog::encoded_len).sum();
    assert!(LARGEST_ANSWER < bytes, "{bytes}");
    assert_eq!(sequences(&trail), (1..=121).rev().collect::<Vec<_>>());
}
