//! The web app's process: started, followed, started again when it ends, and ended with Errand.

use std::{
    io,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use service_kit::Lifecycle;
use tokio::{
    process::{Child, Command},
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    WebFolder,
    log::{self, Source},
    variables::Variables,
};

/// How long it is waited before a web app that ended is started again; twice as long each time.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest such time.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// A web app that ran so long was well: the next pause is the first again.
const STEADY: Duration = Duration::from_mins(1);

/// Ends the web app when Errand is gone, however that ended: then nobody holds the other end of its
/// standard input any more. It would keep its port, and nothing that it calls would be there.
const LIFELINE: &str = "data:text/javascript,\
    process.stdin.on('end',()=>process.kill(process.pid,'SIGKILL')).resume().unref()";

/// The web app as it runs beside the services.
#[derive(Debug)]
pub struct WebProcess {
    ending: CancellationToken,
    ended: CancellationToken,
}

impl WebProcess {
    /// Starts it, and again whenever it ends, until the process that this is drains.
    /// Then it has `grace` to end by itself.
    pub fn start(
        folder: WebFolder,
        variables: Variables,
        lifecycle: &Lifecycle,
        grace: Duration,
    ) -> Self {
        let ending = CancellationToken::new();
        let ended = CancellationToken::new();
        let keeper = Keeper {
            folder,
            variables,
            lifecycle: lifecycle.clone(),
            ending: ending.clone(),
            grace,
        };
        let at_end = ended.clone().drop_guard();
        lifecycle.spawn_short(async move {
            keeper.keep_running().await;
            drop(at_end);
        });
        Self { ending, ended }
    }

    /// Asks it to end, and waits for that, at most `patience` long. It goes on ending after that.
    pub async fn end(&self, patience: Duration) {
        self.ending.cancel();
        // It may have streams open that end only when those of the services do.
        let _late = tokio::time::timeout(patience, self.ended.cancelled()).await;
    }
}

/// Keeps one web app running.
struct Keeper {
    folder: WebFolder,
    variables: Variables,
    lifecycle: Lifecycle,
    ending: CancellationToken,
    grace: Duration,
}

impl Keeper {
    async fn keep_running(&self) {
        let mut pause = FIRST_PAUSE;
        loop {
            let began = Instant::now();
            let ended = self.run_once().await;
            if self.is_ending() {
                return;
            }
            if STEADY <= began.elapsed() {
                pause = FIRST_PAUSE;
            }
            let seconds = pause.as_secs();
            match ended {
                Ok(status) => {
                    tracing::error!(%status, "the web app ended; it is started again in {seconds} s");
                }
                Err(error) => {
                    tracing::error!(%error, "the web app cannot be started; it is tried again in {seconds} s");
                }
            }
            metrics::counter!("errand_web_restarts_total").increment(1);
            tokio::select! {
                () = sleep(pause) => {}
                () = self.asked_to_end() => return,
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn run_once(&self) -> io::Result<ExitStatus> {
        let mut child = self.command().spawn()?;
        let _lifeline = child.stdin.take();
        if let (Some(output), Some(error)) = (child.stdout.take(), child.stderr.take()) {
            self.follow(log::follow(output, Source::Output));
            self.follow(log::follow(error, Source::Error));
        }
        tokio::select! {
            status = child.wait() => return status,
            () = self.asked_to_end() => {}
        }
        terminate(&child)?;
        tokio::select! {
            status = child.wait() => return status,
            () = self.lifecycle.aborted() => {}
            () = sleep(self.grace) => tracing::warn!("the web app does not end and is killed"),
        }
        child.start_kill()?;
        child.wait().await
    }

    /// A terminal's Ctrl-C is for Errand, which ends the web app in its turn: so it is in a group of
    /// its own.
    fn command(&self) -> Command {
        let mut command = Command::new(self.folder.node());
        command
            .args(["--import", LIFELINE])
            .arg(self.folder.server())
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.variables.iter())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        command
    }

    /// A process that the web app left behind may hold its output open for ever.
    fn follow(&self, following: impl Future<Output = ()> + Send + 'static) {
        let lifecycle = self.lifecycle.clone();
        self.lifecycle.spawn_short(async move {
            tokio::select! {
                () = following => {}
                () = lifecycle.aborted() => {}
            }
        });
    }

    async fn asked_to_end(&self) {
        tokio::select! {
            () = self.ending.cancelled() => {}
            () = self.lifecycle.draining() => {}
        }
    }

    fn is_ending(&self) -> bool {
        self.ending.is_cancelled() || self.lifecycle.is_draining()
    }
}

/// Asks a process to end, unless it has.
fn terminate(child: &Child) -> io::Result<()> {
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    match id.and_then(Pid::from_raw) {
        Some(pid) => Ok(kill_process(pid, Signal::TERM)?),
        None => Ok(()),
    }
}
