//! Page tokens: where the next page of a list begins.

use domain::{PagePosition, UserId};

use crate::{
    error::{ApiError, ErrorKind},
    kit::Kit,
    seal::{Purpose, SealBroken},
};

impl Kit {
    /// The token of the page after `position`, for this user and this filter (whose hash covers the
    /// order, too).
    pub fn page_token(
        &self,
        user: &UserId,
        filter_hash: &[u8],
        position: &PagePosition,
    ) -> Result<String, ApiError> {
        Ok(self
            .seal()?
            .seal(Purpose::PageToken, user, filter_hash, &position.to_bytes()))
    }

    /// Where a page begins. An empty token is the first page; one that was not made for this user
    /// and filter is refused.
    pub fn open_page_token(
        &self,
        user: &UserId,
        filter_hash: &[u8],
        token: &str,
    ) -> Result<Option<PagePosition>, ApiError> {
        if token.is_empty() {
            return Ok(None);
        }
        let opened = self
            .seal()?
            .open(Purpose::PageToken, user, filter_hash, token);
        let position =
            opened.and_then(|bytes| PagePosition::from_bytes(&bytes).map_err(|_| SealBroken));
        position
            .map(Some)
            .map_err(|_| ApiError::new(ErrorKind::InvalidPageToken).with_field("page_token"))
    }
}
