use domain::{Notification, PagePosition, SortKey};
use proto::request::ListNotifications;
use proto::v1;
use service_kit::{ApiError, Context, Kit};

/// A page of notifications, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationPage {
    /// The notifications.
    pub notifications: Vec<Notification>,
    /// Opens the next page; empty if this was the last.
    pub next_page_token: String,
    /// How many of all the user's notifications are not read.
    pub unread_count: i64,
}

/// Reads a page of the user's notifications.
pub async fn list_notifications(
    kit: &Kit,
    context: &Context,
    request: ListNotifications,
) -> Result<NotificationPage, ApiError> {
    let user = &context.user;
    let scope = scope(request.unread_only);
    let token = request.page_token.as_deref().unwrap_or_default();
    let after = kit.open_page_token(user, scope, token)?;
    let size = request.page_size.get();
    // One more than is shown tells whether there is a next page.
    let limit = u32::try_from(size + 1).map_err(ApiError::internal)?;
    let read = kit.read().await?;
    let mut notifications = read
        .notification_list(user, request.unread_only, after.as_ref(), limit)
        .await?;
    let unread_count = read.notification_unread_count(user).await?;
    let more = notifications.len() > size;
    notifications.truncate(size);
    let next_page_token = match notifications.last().filter(|_| more) {
        Some(last) => kit.page_token(user, scope, &position(last))?,
        None => String::new(),
    };
    Ok(NotificationPage {
        notifications,
        next_page_token,
        unread_count,
    })
}

pub(super) async fn answer(
    kit: &Kit,
    context: &Context,
    request: v1::ListNotificationsRequest,
) -> Result<v1::ListNotificationsResponse, ApiError> {
    let page = list_notifications(kit, context, request.try_into()?).await?;
    Ok(v1::ListNotificationsResponse {
        notifications: page
            .notifications
            .iter()
            .map(v1::Notification::from)
            .collect(),
        next_page_token: page.next_page_token,
        unread_count: page.unread_count,
    })
}

/// What a page token belongs to: it opens the next page of this list alone.
fn scope(unread_only: bool) -> &'static [u8] {
    if unread_only {
        b"notifications/unread"
    } else {
        b"notifications/all"
    }
}

fn position(last: &Notification) -> PagePosition {
    PagePosition {
        key: SortKey::CreatedAt(last.created_at),
        id: last.id.0,
    }
}
