//! Whether a broker has the topics of `errand topics`.
//!
//! A sidecar tells nothing of them, and Errand does not speak with brokers. So they are read from what
//! Kafka's own tool prints.

use std::{collections::BTreeMap, time::Duration};

use domain::Topic;
use humantime::format_duration;
use realtime_service::config::RealtimeConfig;

use super::State;
use crate::topology::{self, TopicPlan};

const MEND: &str = "Bring it to the list of errand topics by the broker's own tools; on an engine of scripts/engine by \
     scripts/engine topics. Partitions can only become more.";

/// A topic, as the broker has it.
#[derive(Debug)]
struct Found {
    partitions: u32,
    /// In milliseconds, -1 for ever; none where the topic leaves it to the broker.
    retention: Option<i64>,
}

/// Compares what `kafka-topics --describe` prints with the topics that there must be.
pub(super) fn topics(described: &str, realtime: &RealtimeConfig) -> State {
    let found: BTreeMap<&str, Found> = described.lines().filter_map(topic).collect();
    if found.is_empty() {
        return State::Broken(
            "the broker tells of none".into(),
            "See that it runs, and that what was read is what kafka-topics --describe prints."
                .into(),
        );
    }
    let plans = topology::topics(realtime);
    let missing = plans.iter().filter(|plan| !found.contains_key(&*plan.name));
    let missing: Vec<&str> = missing.map(|plan| plan.name.as_str()).collect();
    let different = plans
        .iter()
        .filter_map(|plan| difference(plan, found.get(&*plan.name)?));
    let mut wrong: Vec<String> = different.collect();
    if !missing.is_empty() {
        wrong.insert(0, format!("the broker has no {}", missing.join(", ")));
        return State::Broken(wrong.join("; "), MEND.into());
    }
    if !wrong.is_empty() {
        return State::Attention(wrong.join("; "), MEND.into());
    }
    State::Good(format!(
        "the broker has all {} as they must be",
        plans.len()
    ))
}

/// A topic's own line; those of its partitions have no count.
fn topic(line: &str) -> Option<(&str, Found)> {
    let field = |name: &str| {
        let mut fields = line.split('\t');
        fields.find_map(|field| field.trim().strip_prefix(name)?.strip_prefix(": "))
    };
    let configured = field("Configs").unwrap_or_default().split(',');
    let retention = configured
        .filter_map(|entry| entry.strip_prefix("retention.ms="))
        .find_map(|retention| retention.parse().ok());
    let partitions = field("PartitionCount")?.parse().ok()?;
    let found = Found {
        partitions,
        retention,
    };
    Some((field("Topic")?, found))
}

fn difference(plan: &TopicPlan, found: &Found) -> Option<String> {
    let TopicPlan {
        name,
        partitions,
        retention,
    } = plan;
    // Live updates wait for so many and know of no more.
    let exactly = name == Topic::TaskUpdates.name();
    let of_partitions = if found.partitions < *partitions {
        Some(format!("{} of {partitions} partitions", found.partitions))
    } else if exactly && *partitions < found.partitions {
        Some(format!(
            "{} partitions and must have {partitions}",
            found.partitions
        ))
    } else {
        None
    };
    let expected = i64::try_from(retention.as_millis()).ok();
    let of_retention = (found.retention != expected).then(|| {
        let kept = found.retention.map(u64::try_from);
        let kept = match kept {
            None => "as long as the broker likes".to_owned(),
            Some(Err(_)) => "for ever".to_owned(),
            Some(Ok(kept)) => format!("for {}", format_duration(Duration::from_millis(kept))),
        };
        format!(
            "keeps events {kept} and must for {}",
            format_duration(*retention)
        )
    });
    match (of_partitions, of_retention) {
        (None, None) => None,
        (Some(partitions), None) => Some(format!("{name} has {partitions}")),
        (None, Some(retention)) => Some(format!("{name} {retention}")),
        (Some(partitions), Some(retention)) => {
            Some(format!("{name} has {partitions} and {retention}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// What the tool prints of a broker that has these topics.
    fn described(topics: &[TopicPlan]) -> String {
        let mut text = String::new();
        for plan in topics {
            writeln!(
                text,
                "Topic: {}\tTopicId: EwGkPBQDQxWPgvD0mb3cPw\tPartitionCount: {}\tReplicationFactor: 1\t\
                 Configs: min.insync.replicas=1,retention.ms={},segment.ms=300000",
                plan.name,
                plan.partitions,
                plan.retention.as_millis()
            )
            .unwrap();
            for partition in 0..plan.partitions {
                writeln!(
                    text,
                    "\tTopic: {}\tPartition: {partition}\tLeader: 1\tReplicas: 1\tIsr: 1\tElr: \t\
                     LastKnownElr: ",
                    plan.name
                )
                .unwrap();
            }
        }
        text
    }

    fn plans() -> Vec<TopicPlan> {
        topology::topics(&RealtimeConfig::default())
    }

    fn look(text: &str) -> State {
        topics(text, &RealtimeConfig::default())
    }

    #[test]
    fn topics_as_they_are_listed_are_good_and_others_are_nobodys() {
        let mut plans = plans();
        let good = State::Good("the broker has all 16 as they must be".into());
        assert_eq!(look(&described(&plans)), good);
        // More partitions do no harm where nobody counts them.
        plans[0].partitions += 1;
        plans.push(TopicPlan {
            name: "somebody-elses".into(),
            partitions: 1,
            retention: Duration::ZERO,
        });
        assert_eq!(look(&described(&plans)), good);
    }

    #[test]
    fn a_topic_that_is_missing_is_in_the_way() {
        let mut plans = plans();
        plans.retain(|plan| !plan.name.starts_with("task-c"));
        let said = "the broker has no task-created, task-completed";
        assert_eq!(
            look(&described(&plans)),
            State::Broken(said.into(), MEND.into())
        );
    }

    #[test]
    fn a_topic_that_is_different_is_told_with_what_it_must_be() {
        for (name, change, said) in [
            (
                "canary.audit-service",
                (|plan| plan.partitions = 1) as fn(&mut TopicPlan),
                "canary.audit-service has 1 of 12 partitions",
            ),
            (
                "task-updates",
                |plan| plan.partitions = 4,
                "task-updates has 4 partitions and must have 3",
            ),
            (
                "task-updates",
                |plan| plan.retention = Duration::from_hours(24),
                "task-updates keeps events for 1day and must for 15m",
            ),
            (
                "reminder-due",
                |plan| {
                    plan.partitions = 3;
                    plan.retention = Duration::from_hours(1);
                },
                "reminder-due has 3 of 12 partitions and keeps events for 1h and must for 7days",
            ),
        ] {
            let mut plans = plans();
            change(plans.iter_mut().find(|plan| plan.name == name).unwrap());
            let state = State::Attention(said.into(), MEND.into());
            assert_eq!(look(&described(&plans)), state);
        }
    }

    #[test]
    fn a_retention_that_has_no_end_or_is_not_said_is_told() {
        let text = described(&plans());
        for (instead, kept) in [
            ("retention.ms=-1", "for ever"),
            ("max.message.bytes=1000000", "as long as the broker likes"),
        ] {
            let state = look(&text.replace("retention.ms=900000", instead));
            let said = format!("task-updates keeps events {kept} and must for 15m");
            assert_eq!(state, State::Attention(said, MEND.into()));
        }
    }

    #[test]
    fn a_broker_that_says_nothing_is_told_so() {
        for text in ["", "Error while executing topic command : Timed out\n"] {
            assert!(
                matches!(look(text), State::Broken(wrong, _) if wrong == "the broker tells of none")
            );
        }
    }
}
