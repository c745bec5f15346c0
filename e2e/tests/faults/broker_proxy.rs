//! A way to the broker on which a subscription can die without a word.
//!
//! A sidecar that goes by it takes it for the broker. Once it is silent it lets everything through but
//! what consumers fetch: they are members of their groups, their heartbeats are answered, publishing
//! works, and there is never anything new. That lasts as long as the sidecar's connections do, so that
//! only a new start of the sidecar ends it, as with a consumer that has stopped inside of it.

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::JoinSet,
};

/// Numbers of requests in Kafka's protocol.
const FETCH: i16 = 1;

/// The versions of fetching whose answers are understood here.
const VERSIONS: std::ops::RangeInclusive<i16> = 4..=11;

/// How long an answer without records takes, as if it had been waited for some.
const EMPTY_ANSWER: Duration = Duration::from_millis(250);

/// The way to the broker.
pub struct BrokerProxy {
    /// Where it is.
    pub address: SocketAddr,
    state: Arc<State>,
    _connections: JoinSet<()>,
}

#[derive(Debug)]
struct State {
    broker: SocketAddr,
    address: SocketAddr,
    is_silent: AtomicBool,
    open: AtomicUsize,
}

/// What was asked on one connection and not answered yet: the number and the version of each.
type Asked = Arc<Mutex<VecDeque<(i16, i16)>>>;

impl BrokerProxy {
    /// Opens a way to this broker.
    pub async fn open(broker: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = Arc::new(State {
            broker,
            address,
            is_silent: AtomicBool::new(false),
            open: AtomicUsize::new(0),
        });
        let mut connections = JoinSet::new();
        connections.spawn(accept(listener, Arc::clone(&state)));
        Self {
            address,
            state,
            _connections: connections,
        }
    }

    /// From now on consumers get nothing more on the connections that there are.
    pub fn fall_silent(&self) {
        self.state.is_silent.store(true, Ordering::SeqCst);
    }

    /// Whether it still is.
    pub fn is_silent(&self) -> bool {
        self.state.is_silent.load(Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        state.open.fetch_add(1, Ordering::SeqCst);
        let state = Arc::clone(&state);
        connections.spawn(async move {
            // A connection that breaks off is the sidecar's business.
            let _ = serve(client, &state).await;
            if state.open.fetch_sub(1, Ordering::SeqCst) == 1 {
                state.is_silent.store(false, Ordering::SeqCst);
            }
        });
    }
}

async fn serve(client: TcpStream, state: &State) -> io::Result<()> {
    let broker = TcpStream::connect(state.broker).await?;
    client.set_nodelay(true)?;
    broker.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_broker, to_broker) = broker.into_split();
    let asked = Asked::default();
    tokio::select! {
        ended = pass_questions(from_client, to_broker, &asked) => ended,
        ended = pass_answers(from_broker, to_client, &asked, state) => ended,
    }
}

async fn pass_questions(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    asked: &Asked,
) -> io::Result<()> {
    loop {
        let question = read_frame(&mut from).await?;
        let mut fields = Fields(&question);
        asked
            .lock()
            .unwrap()
            .push_back((fields.i16(), fields.i16()));
        write_frame(&mut to, &question).await?;
    }
}

/// Answers come in the order of the questions.
async fn pass_answers(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    asked: &Asked,
    state: &State,
) -> io::Result<()> {
    loop {
        let answer = read_frame(&mut from).await?;
        let (number, version) = asked.lock().unwrap().pop_front().unwrap();
        let is_silent = state.is_silent.load(Ordering::SeqCst);
        let answer = match number {
            FETCH if is_silent => {
                tokio::time::sleep(EMPTY_ANSWER).await;
                without_records(version, &answer)
            }
            FETCH => answer,
            _ => with_address(answer, state.broker, state.address),
        };
        write_frame(&mut to, &answer).await?;
    }
}

async fn read_frame(from: &mut OwnedReadHalf) -> io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    let mut frame = vec![0; usize::try_from(length).unwrap()];
    from.read_exact(&mut frame).await?;
    Ok(frame)
}

async fn write_frame(to: &mut OwnedWriteHalf, frame: &[u8]) -> io::Result<()> {
    to.write_u32(u32::try_from(frame.len()).unwrap()).await?;
    to.write_all(frame).await
}

/// An answer in which the broker is said to be here. The port follows the host in all of them.
fn with_address(mut answer: Vec<u8>, broker: SocketAddr, here: SocketAddr) -> Vec<u8> {
    let place = |address: SocketAddr| {
        let mut place = address.ip().to_string().into_bytes();
        place.extend(i32::from(address.port()).to_be_bytes());
        place
    };
    let (broker, here) = (place(broker), place(here));
    for start in 0..answer.len().saturating_sub(broker.len() - 1) {
        if answer[start..].starts_with(&broker) {
            answer[start..start + here.len()].copy_from_slice(&here);
        }
    }
    answer
}

/// An answer to a fetch in which no partition has anything new.
fn without_records(version: i16, answer: &[u8]) -> Vec<u8> {
    assert!(VERSIONS.contains(&version), "fetching by version {version}");
    let mut fields = Fields(answer);
    let mut kept = Vec::new();
    // The question's id and the throttling.
    kept.extend(fields.take(4 + 4));
    if 7 <= version {
        // An error and the session.
        kept.extend(fields.take(2 + 4));
    }
    let topics = fields.i32();
    kept.extend(topics.to_be_bytes());
    for _ in 0..topics {
        let name = fields.i16();
        kept.extend(name.to_be_bytes());
        kept.extend(fields.take(usize::try_from(name).unwrap()));
        let partitions = fields.i32();
        kept.extend(partitions.to_be_bytes());
        for _ in 0..partitions {
            // The partition, an error, and two offsets; where the log begins.
            kept.extend(fields.take(4 + 2 + 8 + 8));
            kept.extend(fields.take(if 5 <= version { 8 } else { 0 }));
            let aborted = fields.i32();
            kept.extend(aborted.to_be_bytes());
            kept.extend(fields.take(16 * usize::try_from(aborted).unwrap_or(0)));
            // The replica to read from.
            kept.extend(fields.take(if 11 <= version { 4 } else { 0 }));
            let records = fields.i32();
            fields.take(usize::try_from(records).unwrap_or(0));
            kept.extend(0_i32.to_be_bytes());
        }
    }
    kept.extend(fields.0);
    kept
}

/// The rest of a message, of which fields are read off.
struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, bytes: usize) -> &'a [u8] {
        let (field, rest) = self.0.split_at(bytes);
        self.0 = rest;
        field
    }

    fn i16(&mut self) -> i16 {
        i16::from_be_bytes(self.take(2).try_into().unwrap())
    }

    fn i32(&mut self) -> i32 {
        i32::from_be_bytes(self.take(4).try_into().unwrap())
    }
}
