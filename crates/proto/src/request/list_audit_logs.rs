use domain::{PageLimits, PageSize, TaskId, Topic, ValueError, Violations};
use jiff::Timestamp;
use prost::Message as _;

use super::{optional_id, page_size, page_token};
use crate::convert::complete;
use crate::wkt::TimestampError;
use crate::{v1, wkt};

/// The types of the events that are audited, for a violation to name.
const EVENT_TYPES: &str = "task.created, task.updated, task.completed, task.deleted, reminder.due";

/// `ListAuditLogs`: which entries, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListAuditLogs {
    /// Only of this task.
    pub task_id: Option<TaskId>,
    /// Only events of these topics; none for all.
    pub topics: Vec<Topic>,
    /// Only what happened at or after this moment, which is whole microseconds.
    pub occurred_from: Option<Timestamp>,
    /// Only what happened before this moment, which is whole microseconds.
    pub occurred_before: Option<Timestamp>,
    /// How many a page holds.
    pub page_size: PageSize,
    /// Where the page begins; `None` for the first.
    pub page_token: Option<String>,
    /// What a page token belongs to: bytes that are the same for the same filter.
    pub token_scope: Vec<u8>,
}

impl TryFrom<v1::ListAuditLogsRequest> for ListAuditLogs {
    type Error = Violations;

    fn try_from(request: v1::ListAuditLogsRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let task_id = optional_id(&mut violations, "task_id", &request.task_id);
        let topics = topics(&mut violations, &request.event_types);
        let occurred_from = request.occurred_from.map(whole_microseconds).transpose();
        let occurred_from = violations.take("occurred_from", occurred_from);
        let occurred_before = request.occurred_before.map(whole_microseconds).transpose();
        let occurred_before = violations.take("occurred_before", occurred_before);
        let page_size = page_size(&mut violations, PageLimits::AUDIT_LOGS, request.page_size);
        complete(violations, || {
            let token = page_token(request.page_token.clone());
            let scope = v1::ListAuditLogsRequest {
                page_size: 0,
                page_token: String::new(),
                ..request
            };
            Some(Self {
                task_id: task_id?,
                topics,
                occurred_from: occurred_from?,
                occurred_before: occurred_before?,
                page_size: page_size?,
                page_token: token,
                token_scope: scope.encode_to_vec(),
            })
        })
    }
}

/// The topics of a list of event types, each once. Of several unknown types the first is named.
fn topics(violations: &mut Violations, event_types: &[String]) -> Vec<Topic> {
    let mut topics = Vec::new();
    for (position, event_type) in event_types.iter().enumerate() {
        let topic = Topic::from_event_type(event_type).filter(|topic| topic.is_audited());
        let topic = topic.ok_or(ValueError::NotOneOf {
            choices: EVENT_TYPES,
        });
        let Some(topic) = violations.take(format!("event_types[{position}]"), topic) else {
            break;
        };
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    topics
}

/// The first whole microsecond that is not before `time`. What is stored has whole ones, so that
/// comparing with it is the same as comparing with `time`.
fn whole_microseconds(time: wkt::Timestamp) -> Result<Timestamp, TimestampError> {
    let time = Timestamp::try_from(time)?;
    let whole = Timestamp::from_microsecond(time.as_microsecond());
    let whole = whole.map_err(|_| TimestampError::PastCalendar)?;
    if whole >= time {
        return Ok(whole);
    }
    Timestamp::from_microsecond(time.as_microsecond() + 1).map_err(|_| TimestampError::PastCalendar)
}
