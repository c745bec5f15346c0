use domain::{PageLimits, PageSize, Violations};

use super::{page_size, page_token};
use crate::convert::complete;
use crate::v1;

/// `ListNotifications`: which notifications, and which page of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListNotifications {
    /// Only those not read.
    pub unread_only: bool,
    /// How many a page holds.
    pub page_size: PageSize,
    /// Where the page begins; `None` for the first.
    pub page_token: Option<String>,
}

impl TryFrom<v1::ListNotificationsRequest> for ListNotifications {
    type Error = Violations;

    fn try_from(request: v1::ListNotificationsRequest) -> Result<Self, Violations> {
        let mut violations = Violations::new();
        let page_size = page_size(
            &mut violations,
            PageLimits::NOTIFICATIONS,
            request.page_size,
        );
        complete(violations, || {
            Some(Self {
                unread_only: request.unread_only,
                page_size: page_size?,
                page_token: page_token(request.page_token),
            })
        })
    }
}
