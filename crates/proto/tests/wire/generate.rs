//! Strategies for events of every kind, with every field anywhere within its bounds. The large ones
//! are boxed: by value they outgrow the stack of a test.

use domain::recurrence::{Anchor, RecurrenceMode, TimeZoneName};
use domain::{
    Actor, ActorKind, AppId, CATEGORIES, Category, CorrelationId, Description, Due, Event, EventId,
    Notification, NotificationId, NotificationKind, Payload, Priority, Recurrence, Reminder,
    ReminderId, ReminderState, ReminderTime, Status, Tags, Task, TaskId, Title, Update,
    UpdateAction, UpdateItem, UserId,
};
use jiff::civil::{Date, DateTime, Time};
use jiff::{SignedDuration, Timestamp};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

/// The microsecond at which the year 3000 begins.
const END: i64 = 32_503_680_000_000_000;

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Pacific/Apia"];

const RULES: [&str; 5] = [
    "daily",
    "yearly",
    "FREQ=MONTHLY;BYDAY=-1FR;COUNT=12",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20991231T235959Z",
];

pub fn event() -> impl Strategy<Value = Event> {
    let header = (
        uuid(),
        time(),
        user(),
        correlation(),
        1..=i64::MAX,
        app(),
        actor(),
    );
    header.prop_flat_map(
        |(id, occurred_at, user_id, correlation_id, sequence, source, actor)| {
            payload(user_id.clone()).prop_map(move |payload| Event {
                id: EventId(id),
                occurred_at,
                user_id: user_id.clone(),
                correlation_id: correlation_id.clone(),
                sequence,
                source,
                actor: actor.clone(),
                payload,
            })
        },
    )
}

pub fn actor() -> impl Strategy<Value = Actor> {
    let kind = select(&ActorKind::ALL);
    (kind, ".{1,20}", option::of(".{1,20}")).prop_map(|(kind, id, token_id)| Actor {
        kind,
        id,
        token_id,
    })
}

pub fn task(user_id: UserId) -> BoxedStrategy<Task> {
    let said = (
        "\\PC{1,40}".prop_filter_map("a title", |text| Title::parse(&text).ok()),
        any::<String>().prop_filter_map("a description", |text| Description::parse(&text).ok()),
        select(&Priority::ALL),
        select(&CATEGORIES).prop_map(|name| Category::parse(name).unwrap()),
        status(),
        prop::collection::vec("\\PC{1,12}", 0..10)
            .prop_filter_map("tags", |tags| Tags::parse(tags).ok()),
        option::of(due()),
        option::of(recurrence()),
        prop::collection::vec(reminder(), 0..=5),
    );
    let kept = (
        uuid(),
        option::of(uuid()),
        option::of(uuid()),
        option::of(uuid()),
        time(),
        time(),
        option::of(time()),
        1..=i64::MAX,
    );
    (said, kept)
        .prop_map(move |(said, kept)| {
            let (title, description, priority, category, status, tags, due, recurrence, reminders) =
                said;
            let (id, parent, predecessor, successor, created_at, updated_at, deleted_at, version) =
                kept;
            Task {
                id: TaskId(id),
                user_id: user_id.clone(),
                title,
                description,
                priority,
                category,
                status,
                tags,
                due,
                recurrence,
                reminders,
                parent_task_id: parent.map(TaskId),
                predecessor_task_id: predecessor.map(TaskId),
                successor_task_id: successor.map(TaskId),
                created_at,
                updated_at,
                deleted_at,
                version,
            }
        })
        .boxed()
}

pub fn user() -> impl Strategy<Value = UserId> {
    "\\PC{1,30}".prop_filter_map("a user id", |text| UserId::parse(&text).ok())
}

fn payload(user: UserId) -> BoxedStrategy<Payload> {
    let task = move || task(user.clone()).prop_map(Box::new);
    let notification = notification(task());
    prop_oneof![
        task().prop_map(|task| Payload::TaskCreated { task }),
        (task(), task(), prop::collection::vec("[a-z_]{1,12}", 0..5)).prop_map(
            |(before, after, changed_fields)| Payload::TaskUpdated {
                before,
                after,
                changed_fields
            }
        ),
        task().prop_map(|task| Payload::TaskCompleted { task }),
        task().prop_map(|task| Payload::TaskDeleted { task }),
        (uuid(), time(), task()).prop_map(|(id, remind_at, task)| Payload::ReminderDue {
            reminder_id: ReminderId(id),
            remind_at,
            task,
        }),
        (action(), item(task(), notification))
            .prop_map(|(action, item)| Payload::Updates(Update { action, item })),
    ]
    .boxed()
}

fn action() -> impl Strategy<Value = UpdateAction> {
    use UpdateAction::{Completed, Created, Deleted, Updated};
    select(&[Created, Updated, Completed, Deleted])
}

fn item(
    task: impl Strategy<Value = Box<Task>> + 'static,
    notification: impl Strategy<Value = Notification> + 'static,
) -> impl Strategy<Value = UpdateItem> {
    prop_oneof![
        task.prop_map(UpdateItem::Task),
        notification.prop_map(|one| UpdateItem::Notification(Box::new(one))),
        time().prop_map(|through| UpdateItem::NotificationsRead { through }),
        time().prop_map(|deleted_at| UpdateItem::AccountDeleted { deleted_at }),
    ]
}

fn notification(
    task: impl Strategy<Value = Box<Task>> + 'static,
) -> impl Strategy<Value = Notification> {
    let ids = (uuid(), uuid());
    let times = (time(), option::of(time()), time(), option::of(time()));
    (ids, task, times, 1..=i64::MAX).prop_map(|((id, reminder), task, times, version)| {
        let (remind_at, read_at, created_at, snoozed_until) = times;
        Notification {
            id: NotificationId(id),
            user_id: task.user_id.clone(),
            kind: NotificationKind::Reminder,
            task_id: task.id,
            task_title: task.title.to_string(),
            due: task.due.clone(),
            reminder_id: ReminderId(reminder),
            remind_at,
            read_at,
            created_at,
            snoozed_until,
            version,
        }
    })
}

fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Pending),
        time().prop_map(|at| Status::Completed { at })
    ]
}

fn due() -> impl Strategy<Value = Due> {
    prop_oneof![
        (date(), zone()).prop_map(|(date, zone)| Due::AllDay { date, zone }),
        (time(), zone()).prop_map(|(time, zone)| Due::At { time, zone }),
    ]
}

fn recurrence() -> impl Strategy<Value = Recurrence> {
    use RecurrenceMode::{EveryOccurrence, FromCompletion, SkipMissed};
    let place = prop_oneof![
        (date_time(), zone(), date_time())
            .prop_map(|(at, zone, scheduled)| (Anchor::Timed { at, zone }, scheduled)),
        (date(), date()).prop_map(|(date, scheduled)| {
            (
                Anchor::AllDay { date },
                scheduled.to_datetime(Time::midnight()),
            )
        }),
    ];
    let mode = select(&[SkipMissed, EveryOccurrence, FromCompletion]);
    (
        select(&RULES),
        mode,
        option::of(date()),
        0..4_000_000_u32,
        place,
    )
        .prop_map(
            |(rule, mode, end_date, index, (anchor, scheduled))| Recurrence {
                rule: rule.parse().unwrap(),
                mode,
                end_date,
                anchor,
                index,
                scheduled,
            },
        )
}

fn reminder() -> impl Strategy<Value = Reminder> {
    let when = prop_oneof![
        time().prop_map(ReminderTime::At),
        (0..=366 * 86_400_i64)
            .prop_map(|seconds| ReminderTime::BeforeDue(SignedDuration::from_secs(seconds))),
    ];
    (uuid(), when, time(), select(&ReminderState::ALL)).prop_map(|(id, when, fire_at, state)| {
        Reminder {
            id: ReminderId(id),
            when,
            fire_at,
            state,
        }
    })
}

fn correlation() -> impl Strategy<Value = CorrelationId> {
    "[!-~]{1,40}".prop_map(|text| CorrelationId::parse(&text).unwrap())
}

fn app() -> impl Strategy<Value = AppId> {
    select(&AppId::ALL)
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

fn time() -> impl Strategy<Value = Timestamp> {
    let coarse = (0..END / 1_000_000).prop_map(|seconds| seconds * 1_000_000);
    prop_oneof![0..END, coarse].prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

fn date_time() -> impl Strategy<Value = DateTime> {
    time().prop_map(|time| TimeZoneName::utc().local_time(time))
}

fn date() -> impl Strategy<Value = Date> {
    date_time().prop_map(DateTime::date)
}

fn zone() -> impl Strategy<Value = TimeZoneName> {
    select(&ZONES).prop_map(|name| name.parse().unwrap())
}
