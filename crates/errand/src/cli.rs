//! The command line: every command, what it is for, and an example of it.
#![expect(
    clippy::doc_markdown,
    reason = "these comments are also the help, which shows backticks as they are"
)]

use std::{net::IpAddr, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand};
use domain::AppId;

/// Errand: a self-hosted, real-time task manager.
///
/// `errand up` runs all of it on this machine. In a cluster each service runs by itself, by the
/// subcommand of its name, beside its Dapr sidecar.
#[derive(Debug, Parser)]
#[command(
    name = "errand",
    version,
    max_term_width = 100,
    arg_required_else_help = false,
    after_help = "Start here:\n  errand up\n  errand token --user alice\n\nConfiguration: defaults, then errand.toml, then the environment. \
                  `errand config` lists every setting.\n\nExit codes: 0 done, 1 failed, 64 wrong usage or configuration."
)]
pub struct Cli {
    /// What to do. Without a command the variable SERVICE names the service to run.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// The configuration file [default: errand.toml in the current folder, if it is there].
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What the binary can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run everything on this machine: five services, their engine, and the web app.
    ///
    /// All data stands in one folder. The command prints one line for each service and then `ready`
    /// with the addresses and what to try next. It ends on Ctrl-C or SIGTERM, losing nothing; a
    /// second signal ends it at once, still losing nothing.
    #[command(
        after_help = "Examples:\n  errand up\n  errand up --data-dir ./data --port-base 9000\n  errand up --web .errand/web"
    )]
    Up(Up),

    /// Run the task API (gRPC services TaskService, ProfileService, AccountService).
    #[command(after_help = SERVICE_HELP)]
    BackendApi,
    /// Run the service that makes the next occurrence of a completed recurring task.
    #[command(after_help = SERVICE_HELP)]
    RecurringService,
    /// Run the service of reminders and notifications (gRPC service NotificationService).
    #[command(after_help = SERVICE_HELP)]
    NotificationService,
    /// Run the service that keeps what happened (gRPC service AuditService).
    #[command(after_help = SERVICE_HELP)]
    AuditService,
    /// Run the service of live updates (gRPC service UpdateService).
    #[command(after_help = SERVICE_HELP)]
    RealtimeService,

    /// Bring the database to the schema of this binary.
    ///
    /// Uses DATABASE_DIRECT_URL if it is set, else DATABASE_URL. `errand up` does it by itself.
    #[command(after_help = "Example:\n  DATABASE_URL=postgres://errand@db/errand errand migrate")]
    Migrate,

    /// Print a short-lived access token of a user, and nothing else.
    ///
    /// The token is good for the installation whose data folder (or ERRAND_SECRET) signed it. It is
    /// meant for trying things out; people sign in through the web app.
    #[command(
        after_help = "Example:\n  grpcurl -plaintext -H \"authorization: Bearer $(errand token --user alice)\" \\\n    \
                            127.0.0.1:8000 errand.v1.TaskService/ListTasks"
    )]
    Token(Token),

    /// Say what is wrong here, and how to mend it.
    ///
    /// Looks at the configuration, the data folder and the room on its disk, the ports, the database
    /// and its clock, parked events and dead letters. Changes nothing, takes nothing, and may run at
    /// any time. Exits with 1 if something needs attention.
    ///
    /// Where services run one by one, run it once for each, with the variables of that service: it
    /// looks at the secret, the sidecar with its components and subscriptions, and the service itself
    /// instead of folder and ports. The broker's topics it cannot see by itself: `--topics` shows them
    /// to it, and it holds them against those of `errand topics`.
    #[command(
        after_help = "Examples:\n  errand doctor\n  errand doctor --data-dir ./data --port-base 9000\n  \
                      kubectl exec deploy/audit-service -c audit-service -- errand doctor\n  \
                      kafka-topics --bootstrap-server kafka:9092 --describe | errand doctor --topics -"
    )]
    Doctor(Doctor),

    /// Events that a service could not handle: see why, hand them in again, or drop them.
    ///
    /// A service that cannot handle an event keeps it as a dead letter, with the reason and the
    /// attempts, and goes on with the next one. It stays until somebody replays or drops it.
    #[command(subcommand)]
    Dlq(DeadLetters),

    /// Events that could not be published: see why, try again, or drop them.
    ///
    /// An event that the broker refuses again and again, while it takes others, is parked. What its
    /// user does later waits behind it on the same topic; nobody else waits.
    #[command(subcommand)]
    Outbox(Outbox),

    /// Copy the data folder, consistently, also while Errand runs.
    #[command(after_help = "Example:\n  errand backup /backups/errand-monday")]
    Backup(Backup),

    /// Put a backup into a new data folder.
    #[command(after_help = "Example:\n  errand restore /backups/errand-monday --data-dir ./data")]
    Restore(Restore),

    /// Users of the web app: invite one, or let one set a new password.
    ///
    /// It works on the web app's own data, in the data folder, whether Errand runs or not.
    #[command(subcommand)]
    User(User),

    /// List every setting: its key in errand.toml, its meaning, its variable and its default.
    ///
    /// A setting that is not for every process says which services it is for.
    #[command(after_help = "Example:\n  errand config | grep -A3 ^limits")]
    Config,

    /// List every topic: its partitions, and how long it keeps events, in milliseconds.
    ///
    /// This is how a broker must have them; none should make topics by itself. `make engine-up` makes
    /// them by this list.
    Topics,
}

const SERVICE_HELP: &str = "Expects its Dapr sidecar on DAPR_GRPC_PORT, with DAPR_API_TOKEN and APP_API_TOKEN as the sidecar has them, \
                            and its database at DATABASE_URL. `errand config` lists every setting; `errand doctor` says what is missing.";

/// `errand up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Where the data is kept.
    #[command(flatten)]
    pub folder: InFolder,
    /// The port of backend-api; the other services take the four after it.
    #[arg(long, default_value_t = 8000, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65531))]
    pub port_base: u16,
    /// The address to listen on. Anything but loopback lets others on the network reach Errand.
    #[arg(long, default_value = "127.0.0.1", value_name = "ADDRESS")]
    pub host: IpAddr,
    /// The folder with the built web app, which is run beside the services [default: ERRAND_WEB_FOLDER;
    /// without it no web app].
    #[arg(long, value_name = "FOLDER")]
    pub web: Option<PathBuf>,
    /// The port of the web app [default: ERRAND_WEB_PORT, else 3000].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub web_port: Option<u16>,
}

/// Where the data is kept.
#[derive(Clone, Debug, Args)]
pub struct InFolder {
    /// The data folder [default: ERRAND_DATA_DIR, else errand in the user's data folder].
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
}

/// `errand doctor`.
#[derive(Debug, Args)]
pub struct Doctor {
    /// What is looked at.
    #[command(flatten)]
    pub folder: InFolder,
    /// The first of the five ports [default: that of the Errand that runs on the folder, else 8000].
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..=65531))]
    pub port_base: Option<u16>,
    /// What Kafka's tool tells of the topics, `kafka-topics --describe`; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub topics: Option<PathBuf>,
}

/// `errand token`.
#[derive(Debug, Args)]
pub struct Token {
    /// The user: the token's `sub`.
    #[arg(long, value_name = "USER")]
    pub user: String,
    /// How long the token is good, such as `15m` or `1h`; at most 30 days.
    #[arg(long, default_value = "1h", value_name = "TIME", value_parser = lifetime)]
    pub ttl: Duration,
    /// Whose secret signs it.
    #[command(flatten)]
    pub folder: InFolder,
}

/// How long a token may be good. One that is good for long is for a person to make elsewhere.
fn lifetime(text: &str) -> Result<Duration, String> {
    let bounds = Duration::from_secs(1)..=Duration::from_hours(30 * 24);
    let time = humantime::parse_duration(text)
        .map_err(|error| format!("{error}: it is a time such as 15m or 1h"))?;
    if bounds.contains(&time) {
        return Ok(time);
    }
    Err("it is from 1s to 30d".to_owned())
}

/// `errand dlq`.
#[derive(Debug, Subcommand)]
pub enum DeadLetters {
    /// List dead letters, oldest first: the service, the event, the attempts and the reason.
    #[command(
        after_help = "Examples:\n  errand dlq list\n  errand dlq list --service audit-service --limit 10"
    )]
    List(DeadLetterList),
    /// Show dead letters with all that is known of them, their payload too.
    #[command(
        after_help = "Example:\n  errand dlq show --service audit-service 01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11"
    )]
    Show(DeadLetterChoice),
    /// Hand some in again, to the service that could not handle them and to no other.
    ///
    /// Mend first what the reason names. What was handled before is not handled twice. One that
    /// fails again stays, with one more attempt. Exits with 1 if any failed.
    #[command(
        after_help = "Examples:\n  errand dlq replay --service audit-service --all\n  errand dlq replay --service audit-service \
                            01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11"
    )]
    Replay(DeadLetterChoice),
    /// Remove some for good: the service never sees them.
    #[command(
        after_help = "Example:\n  errand dlq drop --service audit-service 01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11"
    )]
    Drop(DeadLetterChoice),
}

/// `errand dlq list`.
#[derive(Debug, Args)]
pub struct DeadLetterList {
    /// Only those of this service.
    #[arg(long, value_name = "SERVICE")]
    pub service: Option<AppId>,
    /// At most so many.
    #[arg(long, default_value_t = 50, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub limit: u32,
    /// Where they are.
    #[command(flatten)]
    pub folder: InFolder,
}

/// Which dead letters a command is about.
#[derive(Debug, Args)]
pub struct DeadLetterChoice {
    /// The service that could not handle them.
    #[arg(long, value_name = "SERVICE")]
    pub service: AppId,
    /// The ids of the events, as `list` shows them.
    #[arg(
        value_name = "EVENT_ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub events: Vec<String>,
    /// All of that service.
    #[arg(long)]
    pub all: bool,
    /// Where they are.
    #[command(flatten)]
    pub folder: InFolder,
}

/// `errand outbox`.
#[derive(Debug, Subcommand)]
pub enum Outbox {
    /// List the events that could not be published, with the attempts and the reason.
    #[command(after_help = "Example:\n  errand outbox list")]
    List(InFolder),
    /// Show some with all that is known of them, their data too.
    #[command(after_help = "Example:\n  errand outbox show 01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11")]
    Show(OutboxChoice),
    /// Let the relay try them again, and then what waits behind them.
    ///
    /// Mend first what the reason names: one that is refused again is parked again.
    #[command(
        after_help = "Examples:\n  errand outbox retry --all\n  errand outbox retry 01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11"
    )]
    Retry(OutboxChoice),
    /// Remove some for good: their changes stay, and nobody is told of them.
    ///
    /// The audit trail and the screens never learn of the change. What waits behind goes on.
    #[command(after_help = "Example:\n  errand outbox drop 01936f5e-8c5f-7d4b-9c7a-1f0f3a3c2b11")]
    Drop(OutboxChoice),
}

/// Which outbox rows a command is about.
#[derive(Debug, Args)]
pub struct OutboxChoice {
    /// The ids of the events, as `list` shows them.
    #[arg(
        value_name = "EVENT_ID",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    pub events: Vec<String>,
    /// All that could not be published.
    #[arg(long)]
    pub all: bool,
    /// Where they are.
    #[command(flatten)]
    pub folder: InFolder,
}

/// `errand backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The folder to make; it must not exist yet, or be empty.
    #[arg(value_name = "TARGET")]
    pub target: PathBuf,
    /// What is copied.
    #[command(flatten)]
    pub folder: InFolder,
}

/// `errand user`.
#[derive(Debug, Subcommand)]
pub enum User {
    /// Print a link by which a user sets a new password.
    ///
    /// It is for whoever has lost it where the web app sends no mail. The link is good once, and not
    /// for long.
    #[command(after_help = "Example:\n  errand user reset ann@example.org")]
    Reset(UserReset),
    /// Print a link by which somebody can sign up, where that takes an invitation.
    #[command(after_help = "Examples:\n  errand user invite\n  errand user invite ann@example.org")]
    Invite(UserInvite),
}

/// `errand user reset`.
#[derive(Debug, Args)]
pub struct UserReset {
    /// The address that the user signs in with.
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// Whose users they are.
    #[command(flatten)]
    pub web: OfWeb,
}

/// `errand user invite`.
#[derive(Debug, Args)]
pub struct UserInvite {
    /// The only address that may sign up by it; without one any may.
    #[arg(value_name = "EMAIL")]
    pub email: Option<String>,
    /// Whose users they are.
    #[command(flatten)]
    pub web: OfWeb,
}

/// Which web app a command is about.
#[derive(Debug, Args)]
pub struct OfWeb {
    /// The folder with the built web app [default: that of the Errand that runs on the data folder,
    /// else ERRAND_WEB_FOLDER].
    #[arg(long = "web", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Where its data are.
    #[command(flatten)]
    pub data: InFolder,
}

/// `errand restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// What `errand backup` made.
    #[arg(value_name = "BACKUP")]
    pub source: PathBuf,
    /// The data folder to fill; it must not exist yet, or be empty.
    #[command(flatten)]
    pub folder: InFolder,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Cli;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }
}
