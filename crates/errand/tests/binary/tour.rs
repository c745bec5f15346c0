//! The tour of the README, pasted line by line, shows what the README says.

use std::{fs, os::unix::fs::symlink, path::Path, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout},
    time::{Instant, sleep, timeout},
};

use crate::process::{Home, PATIENCE};

/// Where the tour is.
const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../README.md");

/// What ends the output of a line.
const END: &str = "-- end of the line --";

/// What is another at each run, so that only its name is compared.
const OWN_TO_A_RUN: [&str; 4] = ["\"id\"", "\"remindAt\"", "\"createdAt\"", "\"updatedAt\""];

/// The time between two readings of what appears a moment later.
const INTERVAL: Duration = Duration::from_millis(200);

/// Lines to paste, and what the README says they show.
#[derive(Debug, Default)]
struct Step {
    lines: Vec<String>,
    shows: Vec<String>,
}

/// A shell that somebody pastes lines into.
struct Shell {
    _child: Child,
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

#[tokio::test]
async fn the_readme_shows_what_happens() {
    let home = Home::new();
    let up = home.up(&home.data()).await;
    let mut shell = Shell::open(&home);
    let steps = steps();
    assert!(5 < steps.len(), "{steps:?}");
    for step in steps {
        let mut output = Vec::new();
        for line in &step.lines {
            output.extend(shell.paste(&move_ports(line, up.base())).await);
        }
        // What reads can be read again: what follows from a change appears a moment after it.
        let again = step.lines.last().filter(|line| line.contains("/List"));
        let given_up = Instant::now() + PATIENCE;
        while let (Err(missing), Some(line)) = (compare(&step.shows, &output), again) {
            assert!(Instant::now() < given_up, "{missing} in {output:#?}");
            sleep(INTERVAL).await;
            output = shell.paste(&move_ports(line, up.base())).await;
        }
        if let Err(missing) = compare(&step.shows, &output) {
            panic!("{missing} in {output:#?}");
        }
    }
    assert_eq!(up.terminate().await, Some(0));
}

/// The fenced blocks between the marks: those of `sh` are pasted, the one after each is its output.
fn steps() -> Vec<Step> {
    let readme = fs::read_to_string(README).unwrap();
    let (_, rest) = readme.split_once("<!-- tour -->").expect("the tour begins");
    let (tour, _) = rest.split_once("<!-- /tour -->").expect("the tour ends");
    let mut steps: Vec<Step> = Vec::new();
    // Every second part is inside of a fence.
    for block in tour.split("```").skip(1).step_by(2) {
        let (language, text) = block.split_once('\n').unwrap();
        let lines = text.lines().map(str::to_owned).collect();
        match (language, steps.last_mut()) {
            ("sh", _) => steps.push(Step {
                lines,
                ..Step::default()
            }),
            ("", Some(step)) => step.shows = lines,
            _ => panic!("a block of {language}, which the tour does not have"),
        }
    }
    steps
}

/// The tour is of the ports from 8000 on; somebody else may have those.
fn move_ports(line: &str, base: u16) -> String {
    (0..5).fold(line.to_owned(), |line, offset| {
        let (from, to) = (8000 + offset, base + offset);
        line.replace(&format!("127.0.0.1:{from}"), &format!("127.0.0.1:{to}"))
    })
}

/// Whether the output has these lines, in this order. `…` stands for any.
fn compare(shows: &[String], output: &[String]) -> Result<(), String> {
    let mut output = output.iter();
    for expected in shows.iter().filter(|line| line.trim() != "…") {
        let name = |line: &str| line.trim().split(':').next().map(str::to_owned);
        let is_own = OWN_TO_A_RUN
            .iter()
            .any(|own| expected.trim().starts_with(own));
        let is_there =
            output.any(|line| line == expected || is_own && name(line) == name(expected));
        if !is_there {
            return Err(format!("no {expected:?}"));
        }
    }
    Ok(())
}

impl Shell {
    fn open(home: &Home) -> Self {
        let grpcurl = service_kit::config::environment().remove("ERRAND_TEST_GRPCURL");
        let grpcurl = grpcurl.expect("ERRAND_TEST_GRPCURL names grpcurl; scripts/test sets it");
        let tools = home.path("tools");
        fs::create_dir(&tools).unwrap();
        symlink(env!("CARGO_BIN_EXE_errand"), tools.join("errand")).unwrap();
        symlink(Path::new(&grpcurl), tools.join("grpcurl")).unwrap();
        let mut command = tokio::process::Command::new("bash");
        home.seclude(&mut command);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let path = service_kit::config::environment()
            .remove("PATH")
            .unwrap_or_default();
        command.env("PATH", format!("{}:{path}", tools.display()));
        let mut child = command.spawn().unwrap();
        Self {
            stdin: child.stdin.take().unwrap(),
            stdout: BufReader::new(child.stdout.take().unwrap()).lines(),
            _child: child,
        }
    }

    /// Pastes a line, waits until it has ended well, and gives what it printed.
    async fn paste(&mut self, line: &str) -> Vec<String> {
        let text = format!("{line}\necho \"{END}$?\"\n");
        self.stdin.write_all(text.as_bytes()).await.unwrap();
        let mut printed = Vec::new();
        loop {
            let next = timeout(PATIENCE, self.stdout.next_line()).await;
            let next = next.unwrap_or_else(|_| panic!("{line} did not end: {printed:?}"));
            let next = next
                .unwrap()
                .unwrap_or_else(|| panic!("{line} ended the shell: {printed:?}"));
            match next.split_once(END) {
                None => printed.push(next),
                Some((before, code)) => {
                    assert_eq!((before, code), ("", "0"), "{line}: {printed:?}");
                    return printed;
                }
            }
        }
    }
}
