//! Every case there is, once, by subject.

mod bulk_delivery;
mod bulk_publish;
mod consumer_groups;
mod content;
mod cron;
mod dead_letter;
mod delivery;
mod health;
mod invocation;
mod metadata;
mod publish;
mod restart;
mod retry;
mod secrets;
mod state;
mod state_writes;
mod subscriptions;
mod tokens;

use std::sync::Arc;

use anyhow::{Context as _, Result};
use dapr::dapr::proto::runtime::v1::{
    TopicEventBulkRequestEntry, TopicEventCeRequest, topic_event_bulk_request_entry::Event,
};
use futures::{FutureExt as _, future::LocalBoxFuture};

use crate::{target::Target, world::World};

/// One case: it passes, or says what is not as it must be.
#[derive(Clone, Copy)]
pub struct Case {
    /// The subject.
    pub subject: &'static str,
    /// What must be so.
    pub name: &'static str,
    run: fn(World) -> LocalBoxFuture<'static, Result<()>>,
}

/// Runs one case against a target. The future stays on its thread.
pub async fn run(subject: &str, name: &str, target: Arc<dyn Target>) -> Result<()> {
    let case = CASES
        .iter()
        .find(|case| case.subject == subject && case.name == name);
    let case = case.with_context(|| format!("there is no case {subject}::{name}"))?;
    (case.run)(World { target }).await
}

/// Makes the list of cases and, from the same list, the macro that makes a test of each.
macro_rules! list_of_cases {
    ($dollar:tt $($subject:ident { $($name:ident)+ })+) => {
        /// All cases.
        pub const CASES: &[Case] = &[
            $($(Case {
                subject: stringify!($subject),
                name: stringify!($name),
                run: |world| $subject::$name(world).boxed_local(),
            },)+)+
        ];

        /// Makes a test of every case, run by `$run`: a function that takes the subject and the
        /// name of a case, runs it with [`run`](crate::run) against its engine, and returns when it has
        /// passed.
        #[macro_export]
        macro_rules! conformance_suite {
            ($dollar run:path) => {
                $(mod $subject {
                    $(#[test]
                    fn $name() {
                        $dollar run(stringify!($subject), stringify!($name));
                    })+
                })+
            };
        }
    };
}

list_of_cases! { $
    publish {
        an_event_is_delivered_to_its_subscriber
        attributes_come_from_metadata
        names_of_metadata_have_no_case
        attributes_have_defaults
        an_override_of_the_trace_is_kept
        an_unknown_pubsub_is_an_invalid_argument
        an_empty_topic_is_an_invalid_argument
        a_forbidden_topic_is_refused
        a_partition_can_be_named
        a_partition_that_is_not_there_is_refused
        a_partition_is_named_in_one_case_only
        an_event_above_one_mebibyte_fails
        a_request_above_four_mebibytes_is_refused_at_once
    }
    content {
        json_arrives_with_sorted_keys
        large_integers_lose_precision
        what_is_not_json_arrives_as_a_json_text
        text_arrives_as_it_was
        bytes_arrive_as_they_were
        other_content_arrives_empty
        a_cloud_event_of_the_publisher_keeps_its_attributes
        a_raw_payload_arrives_under_an_id_of_its_own
    }
    bulk_publish {
        every_entry_is_delivered
        the_older_name_still_works
        an_empty_entry_id_is_an_invalid_argument
        an_entry_id_given_twice_writes_nothing
        one_entry_too_large_fails_the_call_and_the_others_are_written
        metadata_of_the_request_overwrites_that_of_the_entry
        order_within_a_key_is_that_of_the_entries
    }
    delivery {
        metadata_says_where_an_event_stands
        extensions_hold_the_other_attributes
        events_of_one_key_stay_in_one_partition
        offsets_of_a_partition_have_no_gap
        order_is_kept_within_a_key
        partitions_are_handled_at_the_same_time
        one_partition_has_one_event_in_flight
        a_default_route_is_the_path
        metadata_that_is_not_ascii_makes_an_event_undeliverable
    }
    consumer_groups {
        every_app_gets_every_event
        a_new_group_begins_at_the_oldest_event
        replicas_share_the_partitions
        a_replica_takes_over_when_another_stops
        a_unique_group_gets_every_event_in_every_replica
        a_unique_group_begins_anew_after_a_restart
        a_replica_that_joins_during_a_retry_loses_nothing
    }
    retry {
        an_event_is_repeated_without_end_at_a_constant_interval
        an_unknown_status_is_a_retry
        an_error_is_a_retry
        unimplemented_loses_the_event
        a_retry_holds_up_its_partition_only
        an_app_that_was_away_gets_what_it_missed
        an_app_that_is_killed_forty_times_loses_no_subscription
    }
    dead_letter {
        a_dropped_event_goes_to_the_dead_letter_topic
        a_dead_letter_bears_the_place_it_was_consumed_from
        a_dropped_event_without_dead_letter_topic_is_gone
        a_retried_event_never_becomes_a_dead_letter
        a_payload_that_is_no_event_becomes_a_dead_letter
        an_expired_event_becomes_a_dead_letter
        a_dead_letter_needs_the_partition_that_was_named
        a_dead_letter_needs_the_right_to_publish_it
        an_expired_event_without_the_right_to_publish_is_lost
    }
    bulk_delivery {
        a_batch_holds_no_more_than_its_maximum
        a_batch_that_is_not_full_goes_out_after_its_wait
        a_batch_is_of_one_partition
        a_batch_larger_than_the_headers_of_a_call_arrives
        entries_say_where_they_stand_in_the_publishers_case
        only_the_entry_that_asks_comes_again_after_the_later_ones
        a_left_out_entry_is_a_retry
        an_unknown_status_is_a_retry
        an_error_repeats_the_whole_batch
        a_dropped_entry_goes_to_the_dead_letter_topic
        a_dropped_entry_without_the_right_to_publish_is_lost
        the_older_name_of_the_callback_is_tried
        unimplemented_under_both_names_loses_the_batch
        bytes_arrive_empty
        the_app_token_is_sent
    }
    state {
        what_is_saved_is_read
        a_missing_key_is_empty
        a_deleted_key_is_empty
        many_keys_are_read_at_once
        many_keys_are_deleted_at_once
        keys_belong_to_their_app
        a_key_with_the_separator_is_an_invalid_argument
        an_empty_key_is_an_invalid_argument
        an_unknown_store_is_an_invalid_argument
        no_store_is_a_failed_precondition
        a_value_expires
        saving_without_a_ttl_clears_it
        bytes_come_back_as_they_were
    }
    state_writes {
        an_etag_that_fits_is_replaced
        another_etag_is_aborted
        an_etag_of_a_missing_key_is_aborted
        a_first_write_does_not_overwrite
        a_delete_with_another_etag_is_aborted
        one_refused_item_does_not_hold_up_the_others
        a_transaction_is_all_or_nothing
        a_transaction_upserts_and_deletes
    }
    cron {
        a_binding_ticks
        a_failed_tick_is_ignored
        ticks_overlap
        a_schedule_may_have_seconds
        a_binding_without_direction_is_read_only_if_listed
        ticks_stop_while_the_app_is_away
    }
    secrets {
        an_environment_variable_is_a_secret
        a_variable_that_is_not_set_is_an_empty_secret
        the_tokens_are_never_given_out
        a_file_has_nested_keys
        a_key_that_a_file_lacks_is_an_error
        only_allowed_keys_are_given_out
        an_unknown_store_is_an_invalid_argument
    }
    invocation {
        a_call_is_passed_on
        a_stream_from_the_callee_is_passed_on
        a_stream_to_the_callee_is_passed_on
        a_stream_both_ways_is_passed_on_as_it_comes
        an_error_comes_back_with_its_details
        headers_come_back
        metadata_names_caller_and_callee
        the_app_token_takes_the_place_of_the_api_token
        an_unknown_app_is_an_unknown_error
        a_call_without_an_app_is_an_unknown_error
        an_app_that_is_away_is_unavailable
        a_message_above_four_mebibytes_is_refused
        a_callback_never_arrives_as_if_from_the_runtime
        a_deadline_reaches_the_callee
        an_app_that_serves_nothing_calls_others
        an_app_that_serves_nothing_cannot_be_called
    }
    tokens {
        a_call_without_the_api_token_is_unauthenticated
        a_call_with_another_token_is_unauthenticated
        an_invocation_without_the_api_token_is_unauthenticated
        events_and_ticks_carry_the_app_token
        questions_carry_no_token
    }
    health {
        nothing_is_delivered_before_the_app_is_healthy
        a_sidecar_waits_for_its_app
        an_unhealthy_app_gets_nothing_and_then_what_it_missed
        an_app_that_recovers_is_not_asked_again
        events_published_while_health_comes_and_goes_arrive_in_order
    }
    subscriptions {
        the_list_is_asked_once
        a_list_that_fails_is_asked_for_again
        a_list_that_keeps_failing_is_given_up_until_a_restart
        an_app_without_a_list_has_no_subscriptions
        a_topic_of_an_unknown_pubsub_is_left_out
        a_topic_that_is_not_allowed_is_left_out
        shutdown_asks_again
    }
    metadata {
        a_sidecar_names_its_app_and_components
        a_sidecar_shows_its_subscriptions
        a_sidecar_shows_whether_it_has_a_channel_to_its_app
    }
    restart {
        acknowledged_events_survive_a_kill
        a_group_goes_on_where_it_stopped
        state_survives_a_kill
        events_published_while_a_subscriber_was_away_arrive
        an_event_in_flight_at_a_kill_comes_again
    }
}

/// The CloudEvent of an entry.
fn cloud_event(entry: &TopicEventBulkRequestEntry) -> Option<&TopicEventCeRequest> {
    match &entry.event {
        Some(Event::CloudEvent(event)) => Some(event),
        _ => None,
    }
}

/// The id of an entry's CloudEvent; empty if it has none.
pub(crate) fn entry_event_id(entry: &TopicEventBulkRequestEntry) -> String {
    cloud_event(entry)
        .map(|event| event.id.clone())
        .unwrap_or_default()
}
