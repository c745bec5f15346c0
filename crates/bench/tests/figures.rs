//! All of it works on the real engine too: every measurement is made and every figure is there. It
//! starts an engine of its own, since it ends processes of it and removes its data.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

use std::{fs, process::Command};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scripts/with-system");

#[test]
fn everything_is_measured_on_the_engine() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let output = Command::new(SCRIPT)
        .arg(env!("CARGO_BIN_EXE_errand-bench"))
        .args(["engine", "--size", "tiny", "--json"])
        .arg(&json)
        .arg("--project")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .env("ENGINE_REPLICAS", "1")
        .env_remove("PORT_BASE")
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let printed = String::from_utf8(output.stdout).unwrap();

    let report: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let steady = report["steady"].as_array().unwrap();
    let ways = steady.iter().map(|row| {
        assert_eq!(row["arrived"], row["calls"], "{row}");
        assert!(row["took_ms"]["p50"].as_f64().unwrap() > 0.0, "{row}");
        row["what"].as_str().unwrap()
    });
    let expected = [
        "create → answer",
        "create → frame on a stream",
        "PublishEvent → handler",
        "Kafka, produce → consume",
    ];
    assert_eq!(ways.collect::<Vec<_>>(), expected);

    let backlogs = report["backlogs"].as_array().unwrap();
    let with_state_keys = backlogs.iter().map(|row| {
        assert!(row["audited_per_second"].as_f64().unwrap() > 0.0, "{row}");
        row["state_keys"].as_bool().unwrap()
    });
    assert_eq!(with_state_keys.collect::<Vec<_>>(), [true, false]);

    let reminders = &report["reminders"];
    for count in ["notifications", "reminded", "shown"] {
        assert_eq!(reminders[count], reminders["reminders"], "{count}");
    }

    for (when, processes) in report["memory"].as_array().unwrap().iter().map(reading) {
        assert_eq!(processes.len(), 12, "{when}: {processes:?}");
        for (name, used) in processes {
            assert!(used["proportional"].as_u64().unwrap() > 0, "{name} {when}");
            assert!(printed.contains(name), "{printed}");
        }
    }
}

/// When it was, and each process by its name.
fn reading(reading: &Value) -> (&str, &serde_json::Map<String, Value>) {
    (
        reading[0].as_str().unwrap(),
        reading[1].as_object().unwrap(),
    )
}
