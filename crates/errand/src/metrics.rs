//! What a process tells Prometheus: every metric, its labels and its meaning. `docs/metrics.md` is
//! made of this, and a test holds both to the code.

use metrics::Unit;

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// Its name, with its unit, after the conventions of Prometheus.
    pub name: &'static str,
    /// What it measures by.
    pub kind: Kind,
    /// Its labels. Each has few values, none of which a caller can make.
    pub labels: &'static [&'static str],
    /// What it means, as a sentence.
    pub meaning: &'static str,
}

/// What a metric measures by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// It is what it is now.
    Gauge,
    /// It counts by size: seconds, in buckets.
    Histogram,
}

impl Kind {
    /// Its name in the text that Prometheus reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram => "histogram",
        }
    }
}

/// Tells the recorder what each metric means, for the HELP lines.
pub fn describe() {
    for metric in METRICS {
        let Metric { name, meaning, .. } = *metric;
        match metric.kind {
            Kind::Counter => metrics::describe_counter!(name, meaning),
            Kind::Gauge => metrics::describe_gauge!(name, meaning),
            Kind::Histogram => metrics::describe_histogram!(name, Unit::Seconds, meaning),
        }
    }
}

/// Makes the list.
macro_rules! metrics {
    ($($kind:ident $name:literal ($($label:literal),*) $meaning:literal;)+) => {
        /// Every metric, by what it is about.
        pub const METRICS: &[Metric] = &[$(Metric {
            name: $name,
            kind: Kind::$kind,
            labels: &[$($label),*],
            meaning: $meaning,
        }),+];
    };
}

metrics! {
    Counter "errand_requests_total" ("service", "method", "code")
        "Requests of users that were answered, by gRPC code or HTTP status.";
    Histogram "errand_request_seconds" ("service", "method")
        "Time from a request to the beginning of its answer.";
    Counter "errand_transaction_retries_total" ("service")
        "Transactions that lost against another one and were tried again.";
    Counter "errand_jwks_fetch_failures_total" ()
        "Key sets of issuers that could not be fetched.";

    Counter "errand_events_total" ("service", "topic", "outcome")
        "Events that were delivered: success, retry (it comes again), or drop (it is a dead letter).";
    Histogram "errand_event_seconds" ("service", "topic")
        "Time that an event, or the batch it came with, took to be handled.";
    Histogram "errand_event_age_seconds" ("service", "topic")
        "Age of events when they had been handled.";
    Counter "errand_dead_letters_total" ("service", "topic")
        "Events that were kept as dead letters.";
    Counter "errand_handler_panics_total" ("service")
        "Handlers that panicked.";
    Counter "errand_state_misses_total" ("service")
        "Questions to the state store that it did not answer.";
    Counter "errand_binding_ticks_total" ("service", "binding", "outcome")
        "Input bindings that fired: success, failed, or skipped (the run before had not ended).";

    Counter "errand_outbox_appended_total" ("service")
        "Events that were committed to the outbox of a service.";
    Counter "errand_outbox_published_total" ("service", "topic")
        "Events that were published out of the outbox.";
    Counter "errand_outbox_failures_total" ("service", "topic", "why")
        "Publishing calls that failed: away (the sidecar, the broker or the topic) or refused.";
    Counter "errand_outbox_parkings_total" ("service", "topic")
        "Events that were parked because they cannot be published.";
    Gauge "errand_outbox_waiting" ("service")
        "Events in the outbox that wait to be published.";
    Gauge "errand_outbox_parked" ("service")
        "Events in the outbox that are parked: somebody has to look at them.";
    Gauge "errand_outbox_oldest_age_seconds" ("service")
        "Age of the oldest event in the outbox that is not parked; 0 if there is none.";

    Gauge "errand_ready" ("service")
        "Whether the service is ready for requests: 1 or 0.";
    Gauge "errand_subscriptions_missing" ("service")
        "Subscriptions of the service that its sidecar does not have.";
    Counter "errand_canaries_total" ("service", "step")
        "Canary events that were published, failed to be, or came back (received).";
    Counter "errand_sidecar_restarts_total" ("service")
        "Requests to the sidecar to start again, for what is missing or quiet.";
    Counter "errand_callbacks_refused_total" ()
        "Callbacks that did not come from the sidecar.";
    Counter "errand_unknown_topics_total" ()
        "Events of topics that nobody handles.";
    Counter "errand_unknown_bindings_total" ()
        "Bindings that fired and nobody handles.";

    Counter "errand_web_restarts_total" ()
        "Ends of the web app that nobody asked for, after which it was started again.";

    Histogram "errand_store_acquire_seconds" ("kind")
        "Time that a transaction waited for a database connection.";
    Counter "errand_store_errors_total" ("kind")
        "Transactions that failed through the database.";

    Counter "errand_reminders_total" ("outcome")
        "Reminders whose time came: sent or missed.";
    Counter "errand_maintenance_removed_total" ("what")
        "Rows that were removed because their time was over.";
    Counter "errand_updates_total" ("receipt")
        "Updates for screens that a replica took: taken, duplicate, gap or new log.";
    Histogram "errand_update_age_seconds" ()
        "Age of updates for screens when a replica took them.";
    Gauge "errand_streams" ()
        "Live streams that are open.";
    Counter "errand_stream_resyncs_total" ("reason")
        "Live streams that were told to read everything again.";

    Counter "sidecar_published_total" ("app", "topic")
        "Events that the embedded sidecar took.";
    Counter "sidecar_deliveries_total" ("app", "topic", "result")
        "Deliveries of the embedded sidecar.";
    Counter "sidecar_ticks_total" ("app", "binding", "result")
        "Ticks of the embedded sidecar's cron bindings.";
    Gauge "sidecar_held_back_seconds" ()
        "How long beyond their retention the embedded sidecar keeps events for a group that is late.";
    Gauge "sidecar_topics_bytes" ()
        "Size of the embedded sidecar's topics.";
}
