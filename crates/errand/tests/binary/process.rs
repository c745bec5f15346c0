//! Running the binary: to its end, or until a test has seen enough.

use std::{
    ffi::OsStr,
    fs::{self, File},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::{Path, PathBuf},
    process::Stdio,
    sync::atomic::{AtomicU16, Ordering},
    time::Duration,
};

use domain::AppId;
use e2e::User;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::{sleep, timeout},
};

use crate::client::user;

/// How long anything may take. Far more than it does: the machine may be busy with other tests.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// The time between two looks at a condition.
const INTERVAL: Duration = Duration::from_millis(20);

/// The ports that one `errand up` takes, with that of its web app.
const PORTS: u16 = 6;

/// A folder of a test's own, in which all its processes work.
pub(crate) struct Home {
    folder: TempDir,
}

/// What a command left behind.
#[derive(Debug)]
pub(crate) struct Ended {
    /// Its exit code, if no signal ended it.
    pub(crate) code: Option<i32>,
    /// What it wrote.
    pub(crate) stdout: String,
    /// What it wrote of itself.
    pub(crate) stderr: String,
}

/// An `errand up` that runs. Dropped, it is killed.
pub(crate) struct Up {
    child: Child,
    stdout: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    base: u16,
}

impl Home {
    /// An empty one.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// One whose data folder `errand up` made and left.
    pub(crate) async fn stopped() -> Self {
        let home = Self::new();
        let up = home.up(&home.data()).await;
        assert_eq!(up.terminate().await, Some(0));
        home
    }

    /// A place in it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The data folder, where a test has only one.
    pub(crate) fn data(&self) -> PathBuf {
        self.path("data")
    }

    /// The binary, with nothing of this process's environment but the path.
    pub(crate) fn errand(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_errand"));
        self.seclude(&mut command);
        command
    }

    /// Takes from a command what it could learn from this process's surroundings.
    pub(crate) fn seclude(&self, command: &mut Command) {
        let path = service_kit::config::environment()
            .remove("PATH")
            .unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("ERRAND_DATA_DIR", self.data())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .kill_on_drop(true);
    }

    /// Runs a command to its end.
    pub(crate) async fn run<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Ended {
        let mut command = self.errand();
        command.args(arguments);
        ended(command).await
    }

    /// Runs a command that must succeed, and gives what it printed.
    pub(crate) async fn succeed<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> String {
        let ended = self.run(arguments).await;
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended.stdout
    }

    /// A token of a user of the data folder.
    pub(crate) async fn token(&self, user: &str, data: &Path) -> String {
        let data = data.to_str().unwrap();
        let printed = self
            .succeed(["token", "--user", user, "--data-dir", data])
            .await;
        printed.trim_end().to_owned()
    }

    /// A user of the data folder, on the services from this port on.
    pub(crate) async fn user(&self, name: &str, data: &Path, base: u16) -> User {
        user(name, &self.token(name, data).await, base)
    }

    /// Starts `errand up` on a data folder and does not wait for it.
    pub(crate) fn spawn(&self, data: &Path, base: u16) -> Up {
        self.spawn_by(self.errand(), data, base)
    }

    /// Starts it where no file may grow beyond so many blocks of 512 bytes: to SQLite that is a disk
    /// without room.
    pub(crate) fn spawn_on_small_disk(&self, blocks: u32, data: &Path, base: u16) -> Up {
        let mut shell = Command::new("sh");
        self.seclude(&mut shell);
        // The shell becomes the program, which is told by an error and not by a signal.
        shell
            .arg("-c")
            .arg("trap '' XFSZ; ulimit -f \"$0\"; exec \"$@\"")
            .arg(blocks.to_string())
            .arg(env!("CARGO_BIN_EXE_errand"));
        self.spawn_by(shell, data, base)
    }

    /// Starts it by this command, which has no arguments yet.
    pub(crate) fn spawn_by(&self, mut command: Command, data: &Path, base: u16) -> Up {
        let log = self.path(&format!("{base}.log"));
        let sink = File::options()
            .create(true)
            .append(true)
            .open(&log)
            .unwrap();
        command
            .arg("up")
            .arg("--data-dir")
            .arg(data)
            .args(["--port-base", &base.to_string()])
            .env("ERRAND_LOG", "warn")
            .stdout(Stdio::piped())
            .stderr(sink);
        let mut child = command.spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        Up {
            child,
            stdout,
            log,
            base,
        }
    }

    /// Starts one service by itself, on this port, with these variables. Dropped, it is killed.
    pub(crate) fn service(&self, app: AppId, port: u16, variables: &[(&str, &str)]) -> Child {
        let log = File::create(self.path(&format!("{app}.log"))).unwrap();
        let mut command = self.errand();
        command
            .arg(app.as_str())
            .env("ERRAND_LOG", "warn")
            .env("ERRAND_SERVER_PORT", port.to_string())
            .envs(variables.iter().copied())
            .stderr(log);
        command.spawn().unwrap()
    }

    /// Starts `errand up` on a data folder and free ports, and waits until it is ready.
    pub(crate) async fn up(&self, data: &Path) -> Up {
        let mut up = self.spawn(data, free_ports());
        up.ready().await;
        up
    }
}

impl Up {
    /// The port of backend-api.
    pub(crate) fn base(&self) -> u16 {
        self.base
    }

    /// Its process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id().expect("it has not ended")
    }

    /// The file of what it writes to standard error.
    pub(crate) fn log_file(&self) -> PathBuf {
        self.log.clone()
    }

    /// What it wrote to standard error, and those before it on the same ports.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it says that it is ready, and gives all that it has printed.
    pub(crate) async fn ready(&mut self) -> Vec<String> {
        let mut printed = Vec::new();
        // The last line of what to try next.
        while !printed
            .last()
            .is_some_and(|line: &String| line.ends_with("TaskService/CreateTask"))
        {
            let line = timeout(PATIENCE, self.stdout.next_line()).await;
            let line = line.unwrap_or_else(|_| panic!("never ready: {printed:?}\n{}", self.log()));
            match line.unwrap() {
                Some(line) => printed.push(line),
                None => panic!("ended before it was ready: {printed:?}\n{}", self.log()),
            }
        }
        printed
    }

    /// Ends it as `kill -9` does, at whatever it is.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// Ends it as a supervisor does, and gives its exit code.
    pub(crate) async fn terminate(mut self) -> Option<i32> {
        terminate(&self.child).await;
        let status = timeout(PATIENCE, self.child.wait()).await;
        let status = status.unwrap_or_else(|_| panic!("did not end: {}", self.log()));
        status.unwrap().code()
    }
}

/// Tells a process to end, as a supervisor does.
pub(crate) async fn terminate(child: &Child) {
    let pid = child.id().expect("it has not ended").to_string();
    let sent = Command::new("kill").args(["-TERM", &pid]).status().await;
    assert!(sent.unwrap().success());
}

/// Runs a command to its end.
pub(crate) async fn ended(mut command: Command) -> Ended {
    let output = timeout(PATIENCE, command.output()).await;
    let output = output.expect("the command ends").unwrap();
    Ended {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The first of six ports that nobody has, and that the system gives to no outgoing connection.
pub(crate) fn free_ports() -> u16 {
    const FIRST: u16 = 12_000;
    const COUNT: u16 = 16_000 / PORTS;
    static TAKEN: AtomicU16 = AtomicU16::new(0);
    // Other test programs may look for ports at the same time: they begin elsewhere.
    let begin = u16::try_from(std::process::id() * 37 % u32::from(COUNT)).unwrap();
    loop {
        let place = (begin + TAKEN.fetch_add(1, Ordering::Relaxed)) % COUNT;
        let base = FIRST + place * PORTS;
        let is_free =
            |port| TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).is_ok();
        if (base..base + PORTS).all(is_free) {
            return base;
        }
    }
}

/// Looks again and again until there is something to see, and gives it.
pub(crate) async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            match look().await {
                Some(found) => return found,
                None => sleep(INTERVAL).await,
            }
        }
    };
    let found = timeout(PATIENCE, waiting).await;
    found.unwrap_or_else(|_| panic!("never came: {what}"))
}
