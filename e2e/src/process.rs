//! The processes of an engine, by the names that `scripts/engine` gives them.

use std::fmt;

use domain::AppId;

/// A process of the engine. Replicas count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Process {
    /// A replica of a service.
    Service(AppId, usize),
    /// The Dapr sidecar of a replica.
    Sidecar(AppId, usize),
    /// The broker.
    Kafka,
    /// The database.
    Postgres,
}

impl Process {
    /// Every service and every sidecar of so many replicas, the broker and the database.
    pub fn all(replicas: usize) -> impl Iterator<Item = Self> {
        let of_services = AppId::ALL.into_iter().flat_map(move |app| {
            (0..replicas)
                .flat_map(move |replica| [Self::Service(app, replica), Self::Sidecar(app, replica)])
        });
        of_services.chain([Self::Kafka, Self::Postgres])
    }
}

impl fmt::Display for Process {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(app, replica) => write!(formatter, "{app}-{}", replica + 1),
            Self::Sidecar(app, replica) => write!(formatter, "{app}-{}-sidecar", replica + 1),
            Self::Kafka => formatter.write_str("kafka"),
            Self::Postgres => formatter.write_str("postgres"),
        }
    }
}
