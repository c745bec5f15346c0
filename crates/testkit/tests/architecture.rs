//! Which crate may know which.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand};

const SERVICES: [&str; 5] = [
    "backend-api",
    "recurring-service",
    "notification-service",
    "audit-service",
    "realtime-service",
];

/// The arrows between Errand's own crates.
fn arrows() -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let of_services = ["domain", "proto", "store", "service-kit"];
    let mut arrows = BTreeMap::from([
        ("domain", BTreeSet::new()),
        ("migrations", BTreeSet::new()),
        ("sidecar", BTreeSet::new()),
        ("conformance", BTreeSet::new()),
        ("proto", BTreeSet::from(["domain"])),
        ("store", BTreeSet::from(["domain"])),
        // `migrations` makes the databases of tests, by a feature that no program has.
        (
            "service-kit",
            BTreeSet::from(["domain", "proto", "store", "migrations"]),
        ),
    ]);
    for service in SERVICES {
        arrows.insert(service, BTreeSet::from(of_services));
    }
    let root = [
        "domain",
        "proto",
        "store",
        "service-kit",
        "migrations",
        "sidecar",
    ];
    arrows.insert("errand", root.into_iter().chain(SERVICES).collect());
    arrows.insert(
        "testkit",
        root.into_iter().chain(SERVICES).chain(["errand"]).collect(),
    );
    // It measures the binary, and calls it as a client does.
    let measured = [
        "domain",
        "proto",
        "store",
        "service-kit",
        "migrations",
        "errand",
    ];
    arrows.insert("bench", BTreeSet::from(measured));
    // It speaks to processes, as clients and operators do.
    let from_outside = [
        "domain",
        "proto",
        "store",
        "service-kit",
        "errand",
        "testkit",
    ];
    arrows.insert("e2e", BTreeSet::from(from_outside));
    arrows
}

/// What a library may be known by, and nobody else.
const HOMES: [(&str, &[&str]); 6] = [
    ("sea-orm", &["store"]),
    ("sea-orm-migration", &["migrations"]),
    ("rusqlite", &["sidecar", "bench"]),
    ("clap", &["errand", "bench"]),
    ("jsonwebtoken", &["service-kit"]),
    ("governor", &["service-kit"]),
];

/// What the domain does without.
const IMPURE: [&str; 12] = [
    "async-trait",
    "chrono",
    "futures",
    "prost",
    "rand",
    "sea-orm",
    "sqlx",
    "tokio",
    "tonic",
    "tower",
    "tracing",
    "tokio-util",
];

/// What only tests may depend on.
const FOR_TESTS: [&str; 3] = ["testkit", "conformance", "e2e"];

/// What has nothing but tests.
const TESTS_ALONE: [&str; 1] = ["e2e"];

struct Crate {
    name: String,
    depends_on: BTreeSet<String>,
    asks_for_testing: bool,
    tests_depend_on: BTreeSet<String>,
}

#[test]
fn arrows_point_one_way() {
    let (arrows, crates) = (arrows(), crates());
    let names: BTreeSet<&str> = crates.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(
        names,
        arrows.keys().copied().collect(),
        "a new crate needs its arrows here"
    );
    for member in &crates {
        let allowed = &arrows[member.name.as_str()];
        let own = member.depends_on.iter().map(String::as_str);
        let own: BTreeSet<&str> = own.filter(|name| names.contains(name)).collect();
        let forbidden: Vec<_> = own.difference(allowed).collect();
        assert!(
            forbidden.is_empty(),
            "{} must not know {forbidden:?}",
            member.name
        );
    }
}

#[test]
fn each_library_stays_at_home() {
    for member in crates() {
        for (library, homes) in HOMES {
            let is_home = homes.contains(&member.name.as_str());
            assert!(
                is_home || !member.depends_on.contains(library),
                "{} must not know {library}",
                member.name
            );
        }
    }
}

#[test]
fn the_domain_is_pure() {
    let crates = crates();
    let domain = crates
        .iter()
        .find(|member| member.name == "domain")
        .unwrap();
    let impure: Vec<_> = IMPURE
        .iter()
        .filter(|library| domain.depends_on.contains(**library))
        .collect();
    assert!(impure.is_empty(), "the domain must not know {impure:?}");
}

#[test]
fn what_is_for_tests_is_in_no_program() {
    for member in crates() {
        if TESTS_ALONE.contains(&member.name.as_str()) {
            continue;
        }
        for library in FOR_TESTS {
            assert!(
                !member.depends_on.contains(library),
                "{} may know {library} only in its tests",
                member.name
            );
        }
        assert!(
            member.name == "testkit" || !member.asks_for_testing,
            "{} asks for the feature `testing` outside of its tests",
            member.name
        );
        // The kit of tests is behind that feature, and a benchmark has nothing to keep.
        assert!(
            ["testkit", "service-kit", "bench"].contains(&member.name.as_str())
                || !member.depends_on.contains("tempfile"),
            "{} makes temporary files outside of its tests",
            member.name
        );
    }
}

#[test]
fn services_meet_only_in_events() {
    for member in crates() {
        if SERVICES.contains(&member.name.as_str()) {
            for other in SERVICES {
                let knows =
                    member.depends_on.contains(other) || member.tests_depend_on.contains(other);
                assert!(!knows, "{} must not know {other}", member.name);
            }
        }
    }
}

fn crates() -> Vec<Crate> {
    let metadata = MetadataCommand::new()
        .manifest_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml"))
        .no_deps()
        .exec()
        .unwrap();
    let members = metadata.workspace_packages().into_iter().map(|package| {
        let names = |is_test: bool| {
            package
                .dependencies
                .iter()
                .filter(|dependency| (dependency.kind == DependencyKind::Development) == is_test)
                .map(|dependency| dependency.name.clone())
                .collect()
        };
        Crate {
            name: package.name.to_string(),
            depends_on: names(false),
            asks_for_testing: package.dependencies.iter().any(|dependency| {
                dependency.kind != DependencyKind::Development
                    && dependency
                        .features
                        .iter()
                        .any(|feature| feature == "testing")
            }),
            tests_depend_on: names(true),
        }
    });
    members.collect()
}
