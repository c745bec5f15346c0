//! What can go wrong between a service and its sidecar.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response, header};
use http_body_util::{BodyExt as _, Full};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tonic::{Code, Status, body::Body, transport::Channel};

use crate::{
    call::{Call, FRAME_HEADER},
    eventually::PATIENCE,
    wire::forward,
};

/// What is said of a call that was not let through.
const CUT: &str = "the test has cut the wire";

/// What becomes of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// It does not arrive: the caller gets this status.
    Fail(Code),
    /// It does not arrive, and the caller believes that it did.
    Swallow,
    /// It arrives, and its answer does not: UNAVAILABLE.
    LoseAnswer,
    /// It arrives, undisturbed: the test only wants to know when it has been answered.
    Pass,
    /// It arrives only after [`Disturbed::release`].
    HoldBefore,
    /// It arrives, and its answer only after [`Disturbed::release`].
    HoldAfter,
}

/// A disturbance that has been set up.
#[derive(Clone, Debug)]
pub struct Disturbed(Arc<Rule>);

type Matches = dyn Fn(&Call) -> bool + Send + Sync;

struct Rule {
    matches: Box<Matches>,
    disturbance: Disturbance,
    /// How many more calls it concerns.
    left: Mutex<usize>,
    /// How many calls it has concerned: those that did not arrive, or that have been answered.
    hits: watch::Sender<usize>,
    released: CancellationToken,
}

/// All disturbances, and the deliveries there were. A cheap handle.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disturbances(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    rules: Vec<Arc<Rule>>,
    deliveries: Vec<Arc<Call>>,
}

impl Disturbed {
    /// Returns once it has concerned so many calls. Panics when that takes very long.
    pub async fn hit(&self, count: usize) {
        let mut hits = self.0.hits.subscribe();
        let waited = tokio::time::timeout(PATIENCE, hits.wait_for(|hits| count <= *hits)).await;
        assert!(
            waited.is_ok(),
            "the call that was to be disturbed never came"
        );
    }

    /// How many calls it has concerned.
    pub fn hits(&self) -> usize {
        *self.0.hits.borrow()
    }

    /// Lets go of what is held, and concerns no further call.
    pub fn release(&self) {
        *self.0.left.lock().unwrap_or_else(PoisonError::into_inner) = 0;
        self.0.released.cancel();
    }
}

impl Disturbances {
    /// Disturbs the next `times` calls that match.
    pub(crate) fn add(
        &self,
        times: usize,
        disturbance: Disturbance,
        matches: impl Fn(&Call) -> bool + Send + Sync + 'static,
    ) -> Disturbed {
        let rule = Arc::new(Rule {
            matches: Box::new(matches),
            disturbance,
            left: Mutex::new(times),
            hits: watch::Sender::new(0),
            released: CancellationToken::new(),
        });
        self.state(|state| state.rules.push(Arc::clone(&rule)));
        Disturbed(rule)
    }

    /// The deliveries that have arrived so far.
    pub(crate) fn deliveries(&self) -> Vec<Arc<Call>> {
        self.state(|state| state.deliveries.clone())
    }

    /// Forgets the deliveries there were.
    pub(crate) fn forget_deliveries(&self) {
        self.state(|state| state.deliveries.clear());
    }

    /// Carries a call over, as the first rule says that matches it.
    pub(crate) async fn carry(&self, call: Call, channel: &Channel) -> Response<Body> {
        let rule = self.state(|state| state.rules.iter().find(|rule| rule.take(&call)).cloned());
        let call = Arc::new(call);
        let Some(rule) = rule else {
            self.record(&call);
            return forward(&call, channel.clone()).await;
        };
        match rule.disturbance {
            Disturbance::Fail(code) => {
                rule.hit();
                Status::new(code, CUT).into_http()
            }
            Disturbance::Swallow => {
                self.record(&call);
                rule.hit();
                success()
            }
            Disturbance::HoldBefore => {
                rule.hit();
                rule.released.cancelled().await;
                self.record(&call);
                forward(&call, channel.clone()).await
            }
            Disturbance::LoseAnswer => {
                self.record(&call);
                forward(&call, channel.clone()).await;
                rule.hit();
                Status::unavailable(CUT).into_http()
            }
            Disturbance::Pass => {
                self.record(&call);
                let answer = forward(&call, channel.clone()).await;
                rule.hit();
                answer
            }
            Disturbance::HoldAfter => {
                self.record(&call);
                let answer = forward(&call, channel.clone()).await;
                rule.hit();
                rule.released.cancelled().await;
                answer
            }
        }
    }

    fn record(&self, call: &Arc<Call>) {
        if call.is_delivery() && !call.topic.starts_with("canary.") {
            self.state(|state| state.deliveries.push(Arc::clone(call)));
        }
    }

    fn state<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Rule {
    /// Whether this call is one of those that are concerned. Each one counts.
    fn take(&self, call: &Call) -> bool {
        let mut left = self.left.lock().unwrap_or_else(PoisonError::into_inner);
        if *left == 0 || !(self.matches)(call) {
            return false;
        }
        *left -= 1;
        true
    }

    fn hit(&self) {
        self.hits.send_modify(|hits| *hits += 1);
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Rule");
        debug.field("disturbance", &self.disturbance);
        debug.field("hits", &self.hits).finish_non_exhaustive()
    }
}

/// An empty message, which says SUCCESS where a delivery is answered.
fn success() -> Response<Body> {
    let message = Full::from(Bytes::from_static(&[0; FRAME_HEADER]));
    let trailers = HeaderMap::from_iter([(
        HeaderName::from_static("grpc-status"),
        HeaderValue::from_static("0"),
    )]);
    let body = message.with_trailers(std::future::ready(Some(Ok(trailers))));
    let mut response = Response::new(Body::new(body));
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/grpc"),
    );
    response
}
