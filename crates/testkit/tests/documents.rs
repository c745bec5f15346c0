//! What the documents name must be there: files, links, and the functions that they say are in a
//! file.

#![expect(clippy::unwrap_used, reason = "a test fails by its panic")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// A document, and the folder that its links begin at.
struct Document {
    path: PathBuf,
    text: String,
}

#[test]
fn files_and_links_are_there() {
    let (mut looked_at, mut missing) = (0, Vec::new());
    for document in documents() {
        let folder = document.path.parent().unwrap();
        let linked = links(&document.text).map(|link| folder.join(link));
        let named = code(&document.text).filter_map(|(_, code)| named_path(code));
        for path in linked.chain(named.map(|path| root().join(path))) {
            looked_at += 1;
            if !path.exists() {
                missing.push(format!("{}: {}", document.path.display(), path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "not there:\n{}", missing.join("\n"));
    assert!(100 < looked_at, "only {looked_at} were found to look at");
}

#[test]
fn what_is_said_to_be_in_a_file_is_in_it() {
    let (mut looked_at, mut missing) = (0, Vec::new());
    for document in documents() {
        let pieces: Vec<_> = code(&document.text).collect();
        for pair in pieces.windows(2) {
            let [(_, name), (between, path)] = pair else {
                continue;
            };
            if *between != " (" || !is_of_kind(path, "rs") {
                continue;
            }
            looked_at += 1;
            let source = fs::read_to_string(root().join(path)).unwrap_or_default();
            if !defines(&source, name) {
                missing.push(format!("{}: {name} in {path}", document.path.display()));
            }
        }
    }
    assert!(missing.is_empty(), "not there:\n{}", missing.join("\n"));
    assert!(30 < looked_at, "only {looked_at} were found to look at");
}

fn documents() -> Vec<Document> {
    let pages = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(|page| root().join(page));
    let in_folders = ["docs", "docs/adr"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path())
    });
    let in_folders = in_folders.filter(|path| path.is_file());
    let read = |path: PathBuf| Document {
        text: fs::read_to_string(&path).unwrap(),
        path,
    };
    pages.into_iter().chain(in_folders).map(read).collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What stands between backticks, each with the text between it and the one before. Blocks of code
/// name files of whoever reads, not of Errand, and are left out.
fn code(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let prose = text.split("\n```").step_by(2);
    prose.flat_map(|prose| {
        let pieces: Vec<_> = prose.split('`').collect();
        let pairs = pieces.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        pairs.collect::<Vec<_>>()
    })
}

/// The targets of links to files.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    targets
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://"))
}

/// The file or folder of the repository that a piece of code names, if it does: its first word, if
/// that begins with the name of something at the root that is not made while running.
fn named_path(code: &str) -> Option<&str> {
    let word = code.split(' ').next()?;
    let (first, _) = word.split_once('/')?;
    let is_path = word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c));
    let is_source = ["rs", "md", "py"].iter().any(|kind| is_of_kind(word, kind));
    let is_ours = is_source || (root().join(first).exists() && !is_made_while_running(first));
    (is_path && !first.is_empty() && is_ours).then_some(word)
}

/// Whether git leaves a folder at the root alone.
fn is_made_while_running(folder: &str) -> bool {
    let ignored = fs::read_to_string(root().join(".gitignore")).unwrap();
    ignored.lines().any(|line| line == format!("/{folder}/"))
}

fn is_of_kind(path: &str, kind: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == kind)
}

/// Whether a source defines a function or type. A path such as `Task::create` is known by its end.
fn defines(source: &str, name: &str) -> bool {
    let name = name.rsplit("::").next().unwrap();
    let keywords = ["fn", "struct", "enum", "trait", "const"];
    keywords.iter().any(|keyword| {
        let definition = format!("{keyword} {name}");
        source.split(&definition).skip(1).any(|rest| {
            let next = rest.chars().next();
            next.is_none_or(|next| !next.is_alphanumeric() && next != '_')
        })
    })
}
