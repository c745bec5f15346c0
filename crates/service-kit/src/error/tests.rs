use std::{collections::BTreeSet, time::Duration};

use domain::{CorrelationId, Violations};
use proto::v1::ErrorReason;
use store::{Outage, StoreError};
use tonic::Code;
use tonic_types::StatusExt as _;

use super::*;

#[test]
fn the_table() {
    let rows = ErrorKind::ALL.map(|kind| {
        let (code, reason, http) = (kind.code(), kind.reason(), kind.http_status().as_u16());
        format!("{code:?} {reason} {http}: {}", kind.message())
    });
    insta::assert_snapshot!(rows.join("\n"), @r"
    InvalidArgument INVALID_FIELD 422: the request has invalid fields
    InvalidArgument REQUEST_ID_REUSED 422: the request id was used with another request
    InvalidArgument INVALID_PAGE_TOKEN 422: the page token does not belong to this request
    Unauthenticated UNAUTHENTICATED 401: a valid access token is required
    Unauthenticated TOKEN_EXPIRED 401: the access token has expired
    PermissionDenied FORBIDDEN 403: the access token does not allow this
    NotFound NOT_FOUND 404: not found
    Aborted ETAG_MISMATCH 409: the task has changed: read it again and repeat
    Aborted CONFLICT 409: another change came at the same moment: repeat
    FailedPrecondition TASK_COMPLETED 409: the task is completed
    FailedPrecondition TASK_PENDING 409: the task is not completed
    FailedPrecondition TASK_DELETED 409: the task is in the trash
    AlreadyExists TASK_NOT_DELETED 409: the task is not in the trash
    FailedPrecondition NOT_RECURRING 409: the task does not recur
    FailedPrecondition SERIES_ENDED 409: the series has no further occurrence
    FailedPrecondition REMINDER_GONE 409: the task no longer has the reminder
    FailedPrecondition ACCOUNT_DELETED 409: the account is deleted
    ResourceExhausted RATE_LIMITED 429: too many requests
    Unavailable UNAVAILABLE 503: something this needs is away for the moment
    DeadlineExceeded DEADLINE_EXCEEDED 504: the deadline passed
    Internal INTERNAL 500: internal error
    Unimplemented UNIMPLEMENTED 501: there is no such method here
    ");
}

#[test]
fn the_table_is_the_api_s_enum() {
    let ours: BTreeSet<&str> = ErrorKind::ALL.map(ErrorKind::reason).into();
    let theirs: BTreeSet<&str> = (1..)
        .map_while(|number| ErrorReason::try_from(number).ok())
        .map(ErrorReason::as_reason)
        .collect();
    assert_eq!(ours, theirs);
    assert_eq!(DOMAIN, proto::error::ERROR_DOMAIN);
}

#[test]
fn a_status_says_what_went_wrong_to_programs_too() {
    let mut violations = Violations::one("task.title", "must have 1 to 255 characters");
    violations.add("task.tags", "must have at most 10 entries");
    let correlation_id = CorrelationId::parse("c-1").unwrap();
    let status = ApiError::from(violations).to_status(Some(&correlation_id));
    assert_eq!(status.code(), Code::InvalidArgument);
    let details = status.get_error_details();
    let info = details.error_info().unwrap();
    assert_eq!(
        (info.reason.as_str(), info.domain.as_str()),
        ("INVALID_FIELD", "errand.v1")
    );
    assert_eq!(info.metadata["correlation_id"], "c-1");
    let fields: Vec<&str> = details
        .bad_request()
        .unwrap()
        .field_violations
        .iter()
        .map(|violation| violation.field.as_str())
        .collect();
    assert_eq!(fields, ["task.title", "task.tags"]);
    assert!(details.retry_info().is_none());
}

#[test]
fn whoever_may_come_back_is_told_when() {
    for kind in ErrorKind::ALL {
        let status = tonic::Status::from(ApiError::new(kind));
        let is_told = status.get_error_details().retry_info().is_some();
        let may_come_back = matches!(status.code(), Code::Unavailable | Code::ResourceExhausted);
        assert_eq!(is_told, may_come_back, "{kind:?}");
    }
    let error = ApiError::new(ErrorKind::RateLimited).with_retry_after(Duration::from_millis(1500));
    let details = error.to_status(None).get_error_details();
    assert_eq!(
        details.retry_info().unwrap().retry_delay,
        Some(Duration::from_millis(1500))
    );
}

#[test]
fn nothing_of_the_cause_leaves_the_process() {
    let cause = std::io::Error::other("password=hunter2");
    let status = ApiError::internal(cause).to_status(None);
    assert_eq!(status.message(), "internal error");
    let bytes = String::from_utf8_lossy(status.details()).into_owned();
    assert!(!bytes.contains("hunter2"));
    let source = std::error::Error::source(&status)
        .unwrap()
        .downcast_ref::<ApiError>()
        .unwrap();
    assert_eq!(
        std::error::Error::source(source).unwrap().to_string(),
        "password=hunter2"
    );
}

#[test]
fn a_store_that_is_away_is_unavailable_and_a_lost_race_is_contention() {
    let unavailable = |outage| {
        ApiError::from(StoreError::Unavailable {
            outage,
            source: None,
        })
    };
    for (outage, is_contention) in [
        (Outage::ConnectionLost, false),
        (Outage::Busy, false),
        (Outage::Locked, false),
        (Outage::Disk, false),
        (Outage::Deadlock, true),
        (Outage::Serialization, true),
    ] {
        let error = unavailable(outage);
        assert_eq!(error.kind(), ErrorKind::Unavailable);
        assert_eq!(error.is_contention(), is_contention, "{outage}");
    }
    assert_eq!(
        ApiError::from(StoreError::NotMigrated).kind(),
        ErrorKind::Unavailable
    );
    assert_eq!(
        ApiError::from(StoreError::AccountDeleted).kind(),
        ErrorKind::AccountDeleted
    );
    let corrupt = StoreError::Corrupt {
        table: "tasks",
        column: "title",
    };
    assert_eq!(ApiError::from(corrupt).kind(), ErrorKind::Internal);
}
