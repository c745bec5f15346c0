//! Log lines as JSON, one object a line.
//!
//! The library's own JSON lines tell of an error what it says itself and leave out its causes, which
//! is where the reason stands.

use std::{error::Error, fmt};

use serde::Serialize;
use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormattedFields,
        format::{JsonFields, Writer},
        time::{FormatTime as _, SystemTime},
    },
    registry::{LookupSpan, SpanRef},
};

/// Writes events as JSON. An error is written with every cause.
#[derive(Debug, Clone, Copy)]
pub(super) struct JsonLines;

/// A line, in the order in which it is written.
#[derive(Serialize)]
struct Line {
    timestamp: String,
    level: &'static str,
    /// What the event says, its message first of all.
    #[serde(flatten)]
    fields: Map<String, Value>,
    target: String,
    /// The innermost span.
    #[serde(skip_serializing_if = "Option::is_none")]
    span: Option<Value>,
    /// All spans, the outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    spans: Vec<Value>,
}

#[derive(Default)]
struct Fields(Map<String, Value>);

impl<S> FormatEvent<S, JsonFields> for JsonLines
where
    S: Subscriber + for<'lookup> LookupSpan<'lookup>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, JsonFields>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let mut timestamp = String::new();
        SystemTime.format_time(&mut Writer::new(&mut timestamp))?;
        let mut fields = Fields::default();
        event.record(&mut fields);
        let spans = context.event_scope().into_iter();
        let spans: Vec<Value> = spans
            .flat_map(tracing_subscriber::registry::Scope::from_root)
            .map(|span| spoken(&span))
            .collect();
        let line = Line {
            timestamp,
            level: event.metadata().level().as_str(),
            fields: fields.0,
            target: event.metadata().target().to_owned(),
            span: spans.last().cloned(),
            spans,
        };
        let line = serde_json::to_string(&line).map_err(|_| fmt::Error)?;
        writeln!(writer, "{line}")
    }
}

/// What a span says.
fn spoken<S: for<'lookup> LookupSpan<'lookup>>(span: &SpanRef<'_, S>) -> Value {
    let extensions = span.extensions();
    let said = extensions.get::<FormattedFields<JsonFields>>();
    let said = said.and_then(|said| serde_json::from_str(&said.fields).ok());
    let mut fields: Map<String, Value> = said.unwrap_or_default();
    fields.insert("name".to_owned(), span.name().into());
    Value::Object(fields)
}

impl Fields {
    fn put(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.insert(field.name().to_owned(), value.into());
    }
}

impl Visit for Fields {
    fn record_error(&mut self, field: &Field, error: &(dyn Error + 'static)) {
        let mut causes: Vec<String> = Vec::new();
        let mut next = Some(error);
        while let Some(error) = next {
            let said = error.to_string();
            // Some libraries repeat the cause in their own words.
            if causes.last().is_none_or(|last| !last.ends_with(&said)) {
                causes.push(said);
            }
            next = error.source();
        }
        self.put(field, causes.join(": "));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put(field, format!("{value:?}"));
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::{Arc, Mutex},
    };

    use tracing_subscriber::{Registry, layer::SubscriberExt as _};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[derive(Debug, thiserror::Error)]
    #[error("the request failed")]
    struct Failed(#[source] Repeating);

    #[derive(Debug, thiserror::Error)]
    #[error("the driver says: {0}")]
    struct Repeating(#[source] io::Error);

    #[test]
    fn an_error_is_written_with_every_cause_and_its_spans() {
        let written = Written::default();
        let sink = written.clone();
        let layer = tracing_subscriber::fmt::layer()
            .fmt_fields(JsonFields::new())
            .event_format(JsonLines)
            .with_writer(move || sink.clone());
        tracing::subscriber::with_default(Registry::default().with(layer), || {
            let _request = tracing::info_span!("request", user = "ann").entered();
            let _work = tracing::info_span!("work", step = 2).entered();
            let error = Failed(Repeating(io::Error::other("the disk is full")));
            let error = &error as &dyn Error;
            tracing::error!(error, attempts = 3, name = %"x", "it failed");
        });
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert!(text.starts_with(r#"{"timestamp":""#), "{text}");
        let mut line: Value = serde_json::from_str(&text).unwrap();
        line.as_object_mut().unwrap().remove("timestamp").unwrap();
        let expected = serde_json::json!({
            "level": "ERROR",
            "message": "it failed",
            "error": "the request failed: the driver says: the disk is full",
            "attempts": 3,
            "name": "x",
            "target": "service_kit::telemetry::json_lines::tests",
            "span": {"name": "work", "step": 2},
            "spans": [{"name": "request", "user": "ann"}, {"name": "work", "step": 2}],
        });
        assert_eq!(line, expected);
    }
}
