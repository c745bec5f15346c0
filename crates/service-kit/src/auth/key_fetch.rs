//! Fetches a key set over HTTP.

use std::time::Duration;

/// The largest key set that is read, in bytes.
const LARGEST: usize = 256 << 10;

/// A key set could not be had.
#[derive(Debug, thiserror::Error)]
pub(super) enum FetchError {
    /// The address did not answer in time, or not with success.
    #[error("the key set cannot be fetched")]
    Http(#[from] reqwest::Error),
    /// The answer is larger than any key set.
    #[error("the key set is larger than {LARGEST} bytes")]
    TooLarge,
}

/// Fetches key sets.
#[derive(Debug, Clone)]
pub(super) struct KeyFetch {
    client: reqwest::Client,
}

impl KeyFetch {
    /// A fetcher whose calls take at most `timeout`. It follows no redirects: keys come from where
    /// the configuration says.
    pub(super) fn new(timeout: Duration) -> Self {
        super::install_cryptography();
        let client = reqwest::Client::builder()
            .timeout(timeout)
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .expect("a client without certificates of its own can always be built");
        Self { client }
    }

    /// The document at `url`.
    pub(super) async fn get(&self, url: &str) -> Result<Vec<u8>, FetchError> {
        let mut response = self.client.get(url).send().await?.error_for_status()?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if LARGEST < body.len() + chunk.len() {
                return Err(FetchError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}
