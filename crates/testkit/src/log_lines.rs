//! What is logged.

use std::{
    io::{self, Write},
    sync::{Mutex, OnceLock, PoisonError},
};

use tracing_subscriber::{EnvFilter, Layer as _, fmt, fmt::MakeWriter, layer::SubscriberExt as _};

/// What is collected.
const COLLECTED: &str = "debug,h2=off,hyper=off,hyper_util=off,tower=off,sqlx=off";

/// The log lines that mention a text, such as a correlation id, from the moment they are asked for.
#[derive(Debug)]
pub struct LogLines {
    text: String,
}

static COLLECTOR: OnceLock<Collector> = OnceLock::new();

impl LogLines {
    /// Collects the lines that mention `text` from now on.
    pub fn mentioning(text: &str) -> Self {
        let collector = install();
        let mut wanted = collector.0.lock().unwrap_or_else(PoisonError::into_inner);
        wanted.push((text.to_owned(), Vec::new()));
        Self {
            text: text.to_owned(),
        }
    }

    /// The lines so far, each one JSON.
    pub fn so_far(&self) -> Vec<String> {
        let Some(collector) = COLLECTOR.get() else {
            return Vec::new();
        };
        let wanted = collector.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_this = wanted.iter().find(|(text, _)| *text == self.text);
        of_this.map(|(_, lines)| lines.clone()).unwrap_or_default()
    }
}

/// Collects and shows what is logged. Once a process.
pub(crate) fn install() -> &'static Collector {
    COLLECTOR.get_or_init(Collector::install)
}

/// The texts that lines are wanted of, and the lines.
#[derive(Debug)]
pub(crate) struct Collector(Mutex<Vec<(String, Vec<String>)>>);

impl Collector {
    /// One for the whole process: a subscriber of a thread would miss what other threads log.
    fn install() -> Self {
        let collected = fmt::layer()
            .json()
            .flatten_event(true)
            .with_current_span(true)
            .with_span_list(true)
            .with_writer(Lines)
            .with_filter(EnvFilter::new(COLLECTED));
        // The output of a test that fails shows what went wrong.
        let shown = fmt::layer()
            .with_ansi(false)
            .without_time()
            .with_test_writer()
            .with_filter(EnvFilter::new("warn"));
        let subscriber = tracing_subscriber::registry().with(collected).with(shown);
        tracing::subscriber::set_global_default(subscriber)
            .expect("nothing else in the process of a test collects logs");
        Self(Mutex::default())
    }
}

/// Writes to the collector.
#[derive(Clone, Copy)]
struct Lines;

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        if let Some(collector) = COLLECTOR.get() {
            let mut wanted = collector.0.lock().unwrap_or_else(PoisonError::into_inner);
            for (text, lines) in wanted.iter_mut() {
                if line.contains(text.as_str()) {
                    lines.push(line.clone().into_owned());
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
