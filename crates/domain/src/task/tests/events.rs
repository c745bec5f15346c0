use crate::fixtures::{CountingIds, created, daily, edited, plants, remind_at, time};
use crate::{
    Change, ChangeKind, NewTask, Notification, Payload, Status, Task, TaskPatch, Title, Topic,
    UpdateAction, UpdateItem,
};

const NOW: &str = "2026-03-28T12:00:00Z";

fn told(change: &Change) -> (Topic, UpdateAction) {
    let payloads = change.payloads();
    let [event, Payload::Updates(update)] = payloads.as_slice() else {
        panic!("{payloads:?}")
    };
    assert_eq!(event.task(), Some(&change.after));
    assert_eq!(
        update.item,
        UpdateItem::Task(Box::new(change.after.clone()))
    );
    (event.topic(), update.action)
}

#[test]
fn each_change_is_told_on_its_topic_and_to_the_screens() {
    let task = created(daily("2026-03-28T09:00"));
    let creation = Change {
        before: None,
        after: task.clone(),
        kind: ChangeKind::Created,
    };
    let completion = task.clone().complete(time(NOW)).unwrap();
    let completed = completion.after.clone();
    let reopening = completed.clone().reopen(None, time(NOW)).unwrap().task;
    let deletion = task.clone().delete(time(NOW)).unwrap();
    let undeletion = deletion.after.clone().undelete(time(NOW)).unwrap();
    let skip = task.clone().skip(time(NOW)).unwrap();
    let (_, succession) = completed
        .successor(time(NOW), &mut CountingIds::from(50))
        .unwrap();
    let taking_back = Task::take_back(succession.after.clone(), time(NOW)).unwrap();
    let table = [
        (creation, Topic::TaskCreated, UpdateAction::Created),
        (completion, Topic::TaskCompleted, UpdateAction::Completed),
        (reopening, Topic::TaskUpdated, UpdateAction::Updated),
        (deletion, Topic::TaskDeleted, UpdateAction::Deleted),
        (undeletion, Topic::TaskUpdated, UpdateAction::Updated),
        (skip, Topic::TaskUpdated, UpdateAction::Updated),
        (succession, Topic::TaskCreated, UpdateAction::Created),
        (taking_back, Topic::TaskDeleted, UpdateAction::Deleted),
    ];
    for (change, topic, action) in table {
        assert_eq!(told(&change), (topic, action), "{:?}", change.kind);
    }
}

#[test]
fn an_update_tells_before_after_and_the_fields_that_differ() {
    let task = created(daily("2026-03-28T09:00"));
    let change = |patch, now| Change {
        before: Some(task.clone()),
        after: edited(&task, patch, now),
        kind: ChangeKind::Updated,
    };
    let renaming = change(
        TaskPatch {
            title: Title::parse("Other").ok(),
            ..TaskPatch::default()
        },
        NOW,
    );
    assert_eq!(renaming.changed_fields(), ["title"]);
    let Payload::TaskUpdated {
        before,
        after,
        changed_fields,
    } = &renaming.payloads()[0]
    else {
        panic!("{renaming:?}")
    };
    assert_eq!((**before).clone(), task);
    assert_eq!((**after).clone(), renaming.after);
    assert_eq!(changed_fields, &["title"]);

    let leaving = change(
        TaskPatch {
            rule: Some(None),
            ..TaskPatch::default()
        },
        NOW,
    );
    let gone = ["recurring_rule", "recurrence_mode", "series_position"];
    assert_eq!(leaving.changed_fields(), gone);
}

#[test]
fn every_transition_names_what_differs() {
    let new = NewTask {
        reminders: vec![remind_at("2026-03-28T08:00:00Z")],
        ..daily("2026-03-28T09:00")
    };
    let task = created(new);
    let completion = task.clone().complete(time(NOW)).unwrap();
    assert_eq!(completion.changed_fields(), ["status", "completed_at"]);
    let reopening = completion.after.reopen(None, time(NOW)).unwrap().task;
    assert_eq!(
        reopening.changed_fields(),
        ["status", "reminders", "completed_at"]
    );
    let deletion = task.clone().delete(time(NOW)).unwrap();
    assert_eq!(deletion.changed_fields(), ["deleted_at"]);
    let undeletion = deletion.after.undelete(time(NOW)).unwrap();
    assert_eq!(undeletion.changed_fields(), ["reminders", "deleted_at"]);
    let skip = task.skip(time(NOW)).unwrap();
    assert_eq!(
        skip.changed_fields(),
        ["due", "occurrence_index", "reminders", "series_position"]
    );
}

#[test]
fn a_reminder_is_told_with_its_task_and_becomes_one_notification() {
    let new = NewTask {
        reminders: vec![remind_at("2026-03-28T08:00:00Z")],
        ..plants()
    };
    let task = created(new);
    let claimed = task.reminders[0].clone();
    let payload = task.clone().reminder_due(&claimed);
    assert_eq!(payload.topic(), Topic::ReminderDue);
    let Payload::ReminderDue {
        reminder_id,
        remind_at,
        task: told,
    } = payload
    else {
        panic!()
    };
    assert_eq!((reminder_id, remind_at), (claimed.id, claimed.fire_at));
    assert_eq!(told.reminders, [claimed.sent()]);
    assert_eq!(told.version, task.version);

    let event = crate::EventId(uuid::Uuid::max());
    let notification = Notification::of_reminder(event, reminder_id, remind_at, &told, time(NOW));
    assert_eq!(notification.id.0, event.0);
    assert_eq!(notification.task_title, "Water the plants");
    assert_eq!(notification.user_id, task.user_id);
    assert_eq!(notification.version, 1);
}

#[test]
fn a_notification_is_read_once_and_snoozing_reads_it() {
    let task = created(plants());
    let event = crate::EventId(uuid::Uuid::max());
    let reminder = crate::ReminderId(uuid::Uuid::nil());
    let fresh = Notification::of_reminder(event, reminder, time(NOW), &task, time(NOW));
    let read = fresh.clone().mark_read(time(NOW)).unwrap();
    assert_eq!((read.read_at, read.version), (Some(time(NOW)), 2));
    assert_eq!(read.clone().mark_read(time("2026-03-29T00:00:00Z")), None);

    let until = time("2026-03-30T00:00:00Z");
    let snoozed = fresh.snooze(until, time(NOW));
    assert_eq!(snoozed.read_at, Some(time(NOW)));
    assert_eq!((snoozed.snoozed_until, snoozed.version), (Some(until), 2));
    let again = read.snooze(until, time("2026-03-29T00:00:00Z"));
    assert_eq!((again.read_at, again.version), (Some(time(NOW)), 3));
}

#[test]
fn a_completed_task_says_when() {
    let task = created(plants()).complete(time(NOW)).unwrap().after;
    assert_eq!(task.completed_at(), Some(time(NOW)));
    assert_eq!(task.status, Status::Completed { at: time(NOW) });
    assert!(!task.is_active());
}

#[test]
fn stored_names_lead_back_to_their_values() {
    for state in crate::ReminderState::ALL {
        assert_eq!(crate::ReminderState::from_name(state.as_str()), Some(state));
    }
    for status in crate::StatusKind::ALL {
        assert_eq!(crate::StatusKind::from_name(status.as_str()), Some(status));
    }
    for kind in crate::ActorKind::ALL {
        assert_eq!(crate::ActorKind::from_name(kind.as_str()), Some(kind));
    }
    for app in crate::AppId::ALL {
        assert_eq!(app.as_str().parse(), Ok(app));
    }
    let kind = crate::NotificationKind::Reminder;
    assert_eq!(
        crate::NotificationKind::from_name(kind.as_str()),
        Some(kind)
    );
    assert_eq!(crate::ReminderState::from_name("Sent"), None);
    assert_eq!(crate::StatusKind::from_name(""), None);
    assert_eq!(crate::ActorKind::from_name("users"), None);
    assert_eq!("backend".parse::<crate::AppId>(), Err(crate::UnknownAppId));
    assert_eq!(crate::NotificationKind::from_name("due"), None);
}
