//! What the web app writes, as lines of Errand's own log.

use futures::StreamExt as _;
use tokio::io::AsyncRead;
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

/// The longest line that is taken over, in bytes. Of a longer one nothing is.
const LONGEST: usize = 16 << 10;

/// Where the web app wrote a line.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source {
    /// Standard output.
    Output,
    /// Standard error.
    Error,
}

/// Logs each line until nobody writes any more.
pub(super) async fn follow(from: impl AsyncRead + Unpin, source: Source) {
    let mut lines = FramedRead::new(from, LinesCodec::new_with_max_length(LONGEST));
    while let Some(line) = lines.next().await {
        match (line, source) {
            (Ok(line), _) if line.trim().is_empty() => {}
            (Ok(line), Source::Output) => tracing::info!(target: "web", "{line}"),
            (Ok(line), Source::Error) => tracing::warn!(target: "web", "{line}"),
            (Err(LinesCodecError::MaxLineLengthExceeded), _) => {
                tracing::warn!(target: "web", "a line is longer than {LONGEST} bytes and left out");
            }
            (Err(LinesCodecError::Io(error)), _) => {
                tracing::warn!(target: "web", %error, "what the web app writes cannot be read");
                return;
            }
        }
    }
}
