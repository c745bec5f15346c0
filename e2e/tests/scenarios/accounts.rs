//! An account is deleted while its events are still on their way.

use e2e::{System, User};
use proto::v1::{DeleteAccountRequest, Task, stream_updates_response::Frame, update_data::Item};
use testkit::{Updates, eventually, instant, task};
use tonic::Code;
use tonic_types::StatusExt as _;

use crate::reminders::{in_seconds, reminding};

#[tokio::test]
async fn what_an_account_had_goes_with_it_and_late_events_have_no_effect() {
    let system = System::found();
    let user = system.user("accounts-leaving").await;
    let other = system.user("accounts-staying").await;
    let mut screens = Vec::new();
    for replica in 0..system.replicas() {
        screens.push(user.watch(replica, "").await.unwrap());
    }
    let remind_at = in_seconds(2);
    let known = user
        .create(0, task("Known to the audit trail"))
        .await
        .unwrap();
    user.history(&known.id, 1).await;
    let daily = Task {
        due: instant("2026-03-02T10:00:00Z", "Europe/Berlin"),
        recurring_rule: "daily".into(),
        ..task("Stretch")
    };
    let daily = user.create(1, daily).await.unwrap();
    user.create(0, reminding("Rings too late", remind_at))
        .await
        .unwrap();
    other
        .create(0, reminding("Rings all the same", remind_at))
        .await
        .unwrap();
    user.complete(1, &daily.id).await.unwrap();
    let request = DeleteAccountRequest {
        confirm_user_id: user.name().to_owned(),
    };
    user.account(0).delete_account(request).await.unwrap();
    for screen in &mut screens {
        account_deleted(screen).await;
    }

    other.notified(1).await;
    let logs = eventually("an erased audit trail", async || {
        let logs = user.all_logs().await.ok()?;
        let is_erased = |log: &proto::v1::AuditLog| log.before.is_none() && log.after.is_none();
        logs.iter().all(is_erased).then_some(logs)
    })
    .await;
    assert!(
        logs.iter().any(|log| log.entity_id == known.id),
        "ids and times are kept"
    );
    assert!(user.all_notifications().await.unwrap().is_empty());
    for replica in 0..system.replicas() {
        is_gone(&user, replica, &known).await;
    }
    let logs = other.logs(2).await;
    assert!(logs[0].after.is_some(), "nobody else's is erased");
}

async fn account_deleted(screen: &mut Updates) {
    loop {
        if let Frame::Update(update) = screen.next_frame().await
            && matches!(update.item, Some(Item::AccountDeleted(_)))
        {
            break;
        }
    }
}

async fn is_gone(user: &User, replica: usize, known: &Task) {
    let status = user.get(replica, &known.id).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound, "{status}");
    let status = user
        .create(replica, task("After the end"))
        .await
        .unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition, "{status}");
    let info = status.get_details_error_info().unwrap();
    assert_eq!(info.reason, "ACCOUNT_DELETED");
    assert!(user.all_tasks().await.unwrap().is_empty());
}
