use std::fmt::Debug;

use domain::{Etag, UserId, Violations};
use jiff::SignedDuration;
use proto::request::{
    DeleteAccount, GetTaskStats, NotificationRequest, PreviewOccurrences, PreviewSource,
    SnoozeReminder, TaskRequest, TaskTransition,
};
use proto::v1;
use proto::v1::preview_occurrences_request::Source;
use proto::v1::snooze_reminder_request::When;
use proto::wkt;

use super::fields::refused;
use super::tasks::{ID, time, titled};

fn id_is_required<R, T: TryFrom<R, Error = Violations> + Debug>(request: impl Fn(String) -> R) {
    assert!(T::try_from(request(ID.into())).is_ok());
    for id in ["", "1", "0198c5a27b7e7c3a9d0e000000000001"] {
        assert_eq!(refused(T::try_from(request(id.into()))), ["id"], "{id}");
    }
}

#[test]
fn what_is_read_or_marked_is_named_by_its_id() {
    id_is_required::<_, TaskRequest>(|id| v1::GetTaskRequest { id });
    id_is_required::<_, NotificationRequest>(|id| v1::MarkNotificationReadRequest { id });
    id_is_required::<_, NotificationRequest>(|id| v1::DeleteNotificationRequest { id });
    let empty = v1::GetTaskRequest { id: String::new() };
    let said = TaskRequest::try_from(empty).unwrap_err().to_string();
    assert_eq!(said, "id is required");
}

macro_rules! transition {
    ($($request:ident)+) => {
        $(
            let request = |id: &str, etag: &str, request_id: &str| {
                TaskTransition::try_from(v1::$request {
                    id: id.into(),
                    etag: etag.into(),
                    request_id: request_id.into(),
                })
            };
            let read = request(ID, "v3", ID).unwrap();
            assert_eq!(read.id, ID.parse().unwrap());
            assert_eq!(read.etag, Some(Etag::of(3)));
            assert_eq!(read.request_id, Some(ID.parse().unwrap()));
            let read = request(ID, "", "").unwrap();
            assert_eq!((read.etag, read.request_id), (None, None));
            assert_eq!(refused(request("", "3", "x")), ["id", "etag", "request_id"]);
        )+
    };
}

#[test]
fn transitions_have_an_id_an_etag_and_a_request_id() {
    transition!(DeleteTaskRequest UndeleteTaskRequest CompleteTaskRequest ReopenTaskRequest
        SkipOccurrenceRequest);
}

#[test]
fn a_preview_is_of_a_task_or_of_a_draft() {
    let preview = |source, count| {
        PreviewOccurrences::try_from(v1::PreviewOccurrencesRequest { source, count })
    };
    let of_task = preview(Some(Source::TaskId(ID.into())), 0).unwrap();
    assert_eq!(of_task.source, PreviewSource::Task(ID.parse().unwrap()));
    assert_eq!(of_task.count.get(), 5);
    // A draft needs no title: only what says when it recurs counts.
    let draft = v1::Task {
        recurring_rule: "daily".into(),
        ..v1::Task::default()
    };
    let of_draft = preview(Some(Source::Draft(draft)), 51).unwrap();
    assert!(matches!(
        of_draft.source,
        PreviewSource::Draft {
            rule: Some(_),
            due: None,
            ..
        }
    ));
    assert_eq!(of_draft.count.get(), 50);

    assert_eq!(refused(preview(None, -1)), ["source", "count"]);
    assert_eq!(
        refused(preview(Some(Source::TaskId("1".into())), 0)),
        ["task_id"]
    );
    let draft = v1::Task {
        due: Some(v1::Due {
            when: None,
            time_zone: "x".into(),
        }),
        recurrence_mode: 9,
        recurring_end_date: Some(proto::google_type::Date::default()),
        ..titled("\0")
    };
    assert_eq!(
        refused(preview(Some(Source::Draft(draft)), 0)),
        [
            "draft.due.time_zone",
            "draft.due",
            "draft.recurring_rule",
            "draft.recurrence_mode",
            "draft.recurring_end_date"
        ]
    );
}

#[test]
fn stats_are_counted_in_a_zone_of_the_database() {
    let stats = |zone: &str| {
        GetTaskStats::try_from(v1::GetTaskStatsRequest {
            time_zone: zone.into(),
        })
    };
    assert_eq!(stats("").unwrap().zone, None);
    assert_eq!(
        stats("Asia/Tokyo").unwrap().zone,
        Some("Asia/Tokyo".parse().unwrap())
    );
    assert_eq!(refused(stats("Tokyo")), ["time_zone"]);
}

#[test]
fn a_reminder_is_snoozed_until_or_for() {
    let now = time("2030-01-01T12:00:00Z");
    let snooze = |when| {
        let request = v1::SnoozeReminderRequest {
            notification_id: ID.into(),
            when,
        };
        SnoozeReminder::parse(&request, now)
    };
    let until = time("2030-01-02T08:00:00Z");
    assert_eq!(
        snooze(Some(When::Until(until.into()))).unwrap().until,
        until
    );
    let delay = When::Delay(SignedDuration::from_mins(10).into());
    assert_eq!(
        snooze(Some(delay)).unwrap().until,
        time("2030-01-01T12:10:00Z")
    );

    assert_eq!(refused(snooze(None)), ["when"]);
    for refused_until in [
        wkt::Timestamp::from(now),
        time("2031-01-02T12:00:00.000001Z").into(),
        wkt::Timestamp {
            seconds: 1,
            nanos: -1,
        },
    ] {
        assert_eq!(refused(snooze(Some(When::Until(refused_until)))), ["until"]);
    }
    for (seconds, nanos) in [
        (0, 0),
        (0, 999_999_999),
        (-60, 0),
        (366 * 86_400, 1),
        (1, -1),
    ] {
        let delay = When::Delay(wkt::Duration { seconds, nanos });
        assert_eq!(refused(snooze(Some(delay))), ["delay"], "{seconds} {nanos}");
    }
    let nameless = v1::SnoozeReminderRequest::default();
    assert_eq!(
        refused(SnoozeReminder::parse(&nameless, now)),
        ["notification_id", "when"]
    );
}

#[test]
fn an_account_is_deleted_by_its_own_user_who_says_so() {
    let alice = UserId::parse("alice").unwrap();
    let delete = |confirmed: &str| {
        let request = v1::DeleteAccountRequest {
            confirm_user_id: confirmed.into(),
        };
        DeleteAccount::parse(&request, &alice)
    };
    assert_eq!(delete("alice").unwrap().user_id, alice);
    for confirmed in ["", "bob", "Alice", "alice "] {
        assert_eq!(
            refused(delete(confirmed)),
            ["confirm_user_id"],
            "{confirmed}"
        );
    }
}
