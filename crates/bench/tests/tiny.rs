//! All of it works: every measurement is made and every figure is there. What they are is nobody's
//! business here.

use std::{fs, process::Command};

use serde_json::Value;

#[test]
fn everything_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("figures.json");
    let statements = folder.path().join("statements");
    let output = Command::new(env!("CARGO_BIN_EXE_errand-bench"))
        .args(["--size", "tiny", "--json"])
        .arg(&json)
        .arg("--statements")
        .arg(&statements)
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");

    let report: Value = serde_json::from_str(&fs::read_to_string(json).unwrap()).unwrap();
    let loads = report["loads"].as_array().unwrap();
    let loads: Vec<_> = loads
        .iter()
        .map(|load| {
            for side in ["errand", "reference"] {
                assert!(
                    load[side]["per_second"][0].as_f64().unwrap() > 0.0,
                    "{load}"
                );
                assert!(load[side]["p99_ms"].as_f64().unwrap() > 0.0, "{load}");
            }
            (
                load["what"].as_str().unwrap(),
                load["database"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = [
        ("create", "SQLite"),
        ("create", "PostgreSQL"),
        ("list 100 of 1000", "SQLite"),
        ("list 100 of 1000", "PostgreSQL"),
    ];
    assert_eq!(loads, expected);
    for row in report["frames"].as_array().unwrap() {
        assert!(row["frame_ms"][0].as_f64().unwrap() > 0.0, "{row}");
    }
    for row in report["systems"].as_array().unwrap() {
        assert!(row["audited_per_second"].as_f64().unwrap() > 0.0, "{row}");
        assert!(row["memory_mib"][0].as_f64().unwrap() > 1.0, "{row}");
    }
    for rows in ["frames", "systems"] {
        assert_eq!(report[rows].as_array().unwrap().len(), 2, "{rows}");
    }
    let create = fs::read_to_string(statements.join("create.postgres.sql")).unwrap();
    assert!(
        create.contains("BEGIN;\n") && create.contains("INSERT INTO outbox"),
        "{create}"
    );
}
