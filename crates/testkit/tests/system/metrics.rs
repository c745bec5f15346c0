//! What Prometheus is told: each metric is described, documented, and bounded in its labels.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use domain::AppId;
use errand::metrics::{Kind, METRICS, Metric};
use testkit::{Database, Plan, eventually, task};
use tonic::Code;

use crate::web;

/// What histograms add to the names of their series, and to their labels.
const OF_HISTOGRAMS: [&str; 3] = ["_bucket", "_sum", "_count"];
const BUCKET_LABEL: &str = "le";

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every metric that is counted anywhere in the programs, by name.
fn in_the_code() -> BTreeMap<String, &'static str> {
    let mut found = BTreeMap::new();
    let mut folders = vec![repository().join("crates")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !["tests", "examples", "target"].contains(&name) {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let source = fs::read_to_string(&path).unwrap();
                for kind in [Kind::Counter, Kind::Gauge, Kind::Histogram] {
                    for place in source.split(&format!("metrics::{}!(", kind.name())).skip(1) {
                        let name = place.trim_start().strip_prefix('"').unwrap();
                        let (name, _) = name.split_once('"').unwrap();
                        found.insert(name.to_owned(), kind.name());
                    }
                }
            }
        }
    }
    found
}

#[test]
fn the_list_of_metrics_is_that_of_the_code() {
    let listed: BTreeMap<String, &str> = METRICS
        .iter()
        .map(|metric| (metric.name.to_owned(), metric.kind.name()))
        .collect();
    assert_eq!(listed.len(), METRICS.len(), "each once");
    assert_eq!(listed, in_the_code());
}

#[test]
fn names_tell_the_unit_and_follow_the_conventions() {
    for Metric { name, kind, .. } in METRICS {
        let is_total = name.ends_with("_total");
        assert_eq!(is_total, *kind == Kind::Counter, "{name}");
        let is_measured_in_seconds = name.ends_with("_seconds");
        assert!(is_measured_in_seconds || *kind != Kind::Histogram, "{name}");
        let family = name.trim_end_matches("_total");
        let same = METRICS
            .iter()
            .filter(|other| other.name.trim_end_matches("_total") == family);
        assert_eq!(same.count(), 1, "{name}: OpenMetrics takes it for another");
    }
}

#[test]
fn the_document_has_every_metric() {
    let mut expected = String::new();
    for Metric {
        name,
        kind,
        labels,
        meaning,
    } in METRICS
    {
        let labels: Vec<String> = labels.iter().map(|label| format!("`{label}`")).collect();
        let (kind, labels) = (kind.name(), labels.join(" "));
        writeln!(expected, "| `{name}` | {kind} | {labels} | {meaning} |").unwrap();
    }
    let document = fs::read_to_string(repository().join("docs/metrics.md")).unwrap();
    let rows: String = document
        .lines()
        .filter(|line| line.starts_with("| `"))
        .fold(String::new(), |rows, line| rows + line + "\n");
    assert_eq!(rows, expected, "docs/metrics.md should have:\n{expected}");
}

/// A series of a scrape: its name without what histograms add, and its labels.
fn series(line: &str) -> (String, BTreeMap<String, String>) {
    let (key, _) = line.rsplit_once(' ').unwrap();
    let (name, labels) = key.split_once('{').unwrap_or((key, "}"));
    let labels = labels.trim_end_matches('}').split("\",");
    let labels = labels.filter_map(|label| label.split_once("=\""));
    let labels = labels
        .map(|(name, value)| (name.to_owned(), value.trim_end_matches('"').to_owned()))
        .collect();
    let is_histogram = |name: &str| {
        let mut all = METRICS.iter();
        all.any(|metric| metric.name == name && metric.kind == Kind::Histogram)
    };
    let base = OF_HISTOGRAMS
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix))
        .find(|base| is_histogram(base));
    (base.unwrap_or(name).to_owned(), labels)
}

#[tokio::test]
async fn a_scrape_has_what_is_documented_with_its_labels_and_help() {
    let system = Plan::new(Database::Sqlite).start().await;
    // As `errand` does it once its telemetry has begun.
    errand::metrics::describe();
    let alice = system.user("alice");
    let mut stream = alice.watch(0, "").await;
    let created = alice.create(task("Something to count")).await;
    alice.history(&created.id, 1).await;
    stream.task().await;
    let expected = [
        r#"errand_requests_total{service="backend-api",method="errand.v1.TaskService/CreateTask",code="Ok"}"#,
        r#"errand_request_seconds_count{service="backend-api",method="errand.v1.TaskService/CreateTask"}"#,
        r#"errand_events_total{service="audit-service",topic="task-created",outcome="success"}"#,
        r#"errand_event_seconds_count{service="audit-service",topic="task-created"}"#,
        r#"errand_event_age_seconds_count{service="audit-service",topic="task-created"}"#,
        r#"errand_outbox_published_total{service="backend-api",topic="task-created"}"#,
        r#"errand_outbox_oldest_age_seconds{service="backend-api"}"#,
        r#"errand_outbox_parked{service="backend-api"}"#,
        r#"errand_ready{service="backend-api"} 1"#,
        r#"errand_subscriptions_missing{service="audit-service"}"#,
        "errand_streams ",
        "errand_update_age_seconds_count",
    ];
    let text = eventually("everything has been counted", async || {
        let (_, text) = web::get(&system, AppId::BackendApi, "/metrics").await;
        expected
            .iter()
            .all(|part| text.contains(part))
            .then_some(text)
    })
    .await;
    let listed: BTreeMap<&str, &Metric> = METRICS.iter().map(|one| (one.name, one)).collect();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if line.starts_with('#') {
            continue;
        }
        let (name, mut labels) = series(line);
        let metric = listed.get(name.as_str());
        let metric = metric.unwrap_or_else(|| panic!("{line} is not documented"));
        labels.remove(BUCKET_LABEL);
        let labels: BTreeSet<&str> = labels.keys().map(String::as_str).collect();
        assert_eq!(labels, metric.labels.iter().copied().collect(), "{line}");
        assert!(
            text.contains(&format!("# HELP {name} {}", metric.meaning)),
            "{name}"
        );
        assert!(
            text.contains(&format!("# TYPE {name} {}", metric.kind.name())),
            "{name}"
        );
    }
    drop(stream);
    system.finish().await;
}

#[tokio::test]
async fn no_caller_makes_a_series_by_inventing_a_method() {
    let system = Plan::new(Database::Sqlite)
        .only(&[AppId::BackendApi])
        .start()
        .await;
    let token = system.user("alice").token();
    for token in [None, Some(token.as_str())] {
        let method = "errand.v1.TaskService/Invented";
        let answer = web::call(&system, AppId::BackendApi, method, token, &[]).await;
        let refused = [Code::Unauthenticated, Code::Unimplemented];
        let refused = refused.map(|code| i32::from(code).to_string());
        assert!(
            refused.iter().any(|code| code == answer.status()),
            "{answer:?}"
        );
    }
    let (_, text) = web::get(&system, AppId::BackendApi, "/metrics").await;
    assert!(!text.contains("Invented"), "{text}");
    for code in ["Unauthenticated", "Unimplemented"] {
        let counted = format!(r#"{{service="backend-api",method="unknown",code="{code}"}}"#);
        assert!(text.contains(&counted), "{text}");
    }
    system.finish().await;
}
