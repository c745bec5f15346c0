//! A body of gRPC messages none of which may be larger than a limit.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use hyper::body::{Body, Frame, SizeHint};
use tonic::Status;

/// Passes a body on and ends it with `RESOURCE_EXHAUSTED` at the first message that is too large,
/// when only its length has been seen: a request fails, a response gets its status as trailers.
pub(super) struct LimitedFrames<B> {
    body: B,
    limit: usize,
    exceeded: Arc<AtomicBool>,
    is_response: bool,
    /// What has been read of the five bytes before a message.
    prefix: Vec<u8>,
    /// What is still to come of the message.
    remaining: usize,
}

/// Bytes before each message: a flag and a length of four bytes.
const PREFIX: usize = 5;

impl<B> LimitedFrames<B> {
    /// The messages of a request.
    pub(super) fn of_request(body: B, limit: usize) -> Self {
        let exceeded = Arc::new(AtomicBool::new(false));
        let prefix = Vec::with_capacity(PREFIX);
        Self {
            body,
            limit,
            exceeded,
            is_response: false,
            prefix,
            remaining: 0,
        }
    }

    /// The messages of a response.
    pub(super) fn of_response(body: B, limit: usize) -> Self {
        Self {
            is_response: true,
            ..Self::of_request(body, limit)
        }
    }

    /// Becomes true when the body is ended for a message that is too large.
    pub(super) fn exceeded(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.exceeded)
    }

    fn follow(&mut self, mut data: &[u8]) -> Result<(), Status> {
        while !data.is_empty() {
            if self.remaining > 0 {
                let passed = self.remaining.min(data.len());
                self.remaining -= passed;
                data = &data[passed..];
                continue;
            }
            let missing = (PREFIX - self.prefix.len()).min(data.len());
            self.prefix.extend_from_slice(&data[..missing]);
            data = &data[missing..];
            if let [_flag, length @ ..] = self.prefix.as_slice()
                && let Ok(length) = <[u8; 4]>::try_from(length)
            {
                self.remaining = u32::from_be_bytes(length) as usize;
                self.prefix.clear();
                if self.remaining > self.limit {
                    self.exceeded.store(true, Ordering::Release);
                    return Err(too_large(self.remaining, self.limit));
                }
            }
        }
        Ok(())
    }
}

/// What grpc-go says to a message that is too large.
pub(super) fn too_large(length: usize, limit: usize) -> Status {
    Status::resource_exhausted(format!(
        "grpc: received message larger than max ({length} vs. {limit})"
    ))
}

impl<B> Body for LimitedFrames<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<tonic::codegen::StdError>,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if self.exceeded.load(Ordering::Acquire) {
            return Poll::Ready(None);
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(frame.map(|frame| {
            let frame = frame.map_err(|error| Status::from_error(error.into()))?;
            match frame.data_ref().map_or(Ok(()), |data| self.follow(data)) {
                Ok(()) => Ok(frame),
                Err(status) if self.is_response => {
                    let mut trailers = HeaderMap::new();
                    status.add_header(&mut trailers)?;
                    Ok(Frame::trailers(trailers))
                }
                Err(status) => Err(status),
            }
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        // The body may end before its time.
        SizeHint::default()
    }
}
