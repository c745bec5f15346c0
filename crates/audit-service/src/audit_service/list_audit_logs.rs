use proto::event::{History, history};
use proto::request::ListAuditLogs;
use proto::v1;
use service_kit::{ApiError, Context, Kit, fitting};
use store::{AuditEntry, AuditFilter};

/// A page of what happened, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The entries.
    pub entries: Vec<AuditEntry>,
    /// Opens the next page; empty if this was the last.
    pub next_page_token: String,
}

/// Reads a page of what happened to the user's tasks.
pub async fn list_audit_logs(
    kit: &Kit,
    context: &Context,
    request: ListAuditLogs,
) -> Result<AuditPage, ApiError> {
    let user = &context.user;
    let token = request.page_token.as_deref().unwrap_or_default();
    let after = kit.open_page_token(user, &request.token_scope, token)?;
    let filter = AuditFilter {
        task_id: request.task_id,
        topics: request.topics,
        occurred_from: request.occurred_from,
        occurred_before: request.occurred_before,
    };
    let size = request.page_size.get();
    // One more than is shown tells whether there is a next page.
    let limit = u32::try_from(size + 1).map_err(ApiError::internal)?;
    let read = kit.read().await?;
    let mut entries = read
        .audit_list(user, &filter, after.as_ref(), limit)
        .await?;
    // An entry holds a task twice, before and after.
    let contents = entries.iter().map(|entry| entry.data.as_ref());
    let fitting = fitting(contents.map(|data| data.map_or(0, String::len))).min(size);
    let more = fitting < entries.len();
    entries.truncate(fitting);
    let next_page_token = match entries.last().filter(|_| more) {
        Some(last) => kit.page_token(user, &request.token_scope, &last.position())?,
        None => String::new(),
    };
    Ok(AuditPage {
        entries,
        next_page_token,
    })
}

pub(super) async fn answer(
    kit: &Kit,
    context: &Context,
    request: v1::ListAuditLogsRequest,
) -> Result<v1::ListAuditLogsResponse, ApiError> {
    let page = list_audit_logs(kit, context, request.try_into()?).await?;
    Ok(v1::ListAuditLogsResponse {
        audit_logs: page
            .entries
            .iter()
            .map(audit_log)
            .collect::<Result<_, _>>()?,
        next_page_token: page.next_page_token,
    })
}

fn audit_log(entry: &AuditEntry) -> Result<v1::AuditLog, ApiError> {
    let told = entry.data.as_deref().map(|data| history(entry.topic, data));
    let told = told.transpose().map_err(ApiError::internal)?;
    let History {
        before,
        after,
        changed_fields,
    } = told.unwrap_or_default();
    Ok(v1::AuditLog {
        id: entry.event_id.to_string(),
        sequence: entry.sequence,
        event_type: entry.topic.event_type().to_owned(),
        occurred_at: Some(entry.occurred_at.into()),
        entity_type: "task".to_owned(),
        entity_id: entry.task_id.to_string(),
        actor: Some((&entry.actor).into()),
        correlation_id: entry.correlation_id.to_string(),
        source: entry.source.to_string(),
        before,
        after,
        changed_fields,
    })
}
