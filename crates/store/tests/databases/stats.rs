use domain::recurrence::TimeZoneName;
use domain::{Due, DueFilter, DueRange, Status, Task, TaskFilter, TaskStats};
use jiff::SignedDuration;

use crate::samples::{now, task, user};

on_every_database! {
    async fn stats_are_counts_of_the_lists(database: &TestDatabase) {
        let alice = user("alice");
        let mut tasks = vec![task(&alice, "undated"), Task {
            status: Status::Completed { at: now() },
            ..task(&alice, "done")
        }];
        for hours in [-50, -26, -1, 0, 1, 26, 50] {
            let time = now() + SignedDuration::from_hours(hours);
            let zone: TimeZoneName = "Pacific/Kiritimati".parse().unwrap();
            let date = zone.local_date(time);
            for due in [Due::At { time, zone: zone.clone() }, Due::AllDay { date, zone }] {
                let pending = Task { due: Some(due), ..task(&alice, "due") };
                let mut done = Task { status: Status::Completed { at: now() }, ..pending.clone() };
                let mut gone = Task { deleted_at: Some(now()), ..pending.clone() };
                done.id = task(&alice, "another").id;
                gone.id = task(&alice, "another").id;
                tasks.extend([pending, done, gone]);
            }
        }
        let tx = database.store.begin().await.unwrap();
        for task in &tasks {
            tx.task_insert(task).await.unwrap();
        }
        tx.task_insert(&task(&user("bob"), "not hers")).await.unwrap();
        tx.commit().await.unwrap();

        let read = database.store.read().await.unwrap();
        for zone in ["UTC", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"] {
            let zone: TimeZoneName = zone.parse().unwrap();
            let today = zone.local_date(now());
            let range = |first_date, overdue_at| DueFilter::Dated(DueRange {
                first_date,
                last_date: first_date,
                zone: zone.clone(),
                overdue_at,
            });
            let count = |keep: &dyn Fn(&Task) -> bool| {
                let outside = TaskFilter::default();
                let kept = tasks.iter().filter(|task| outside.matches(task) && keep(task));
                i64::try_from(kept.count()).unwrap()
            };
            let pending = |task: &Task| task.status == Status::Pending;
            let expected = TaskStats {
                total: count(&|_| true),
                pending: count(&pending),
                completed: count(&|task| !pending(task)),
                overdue: count(&|task| {
                    range(None, Some(now())).matches(task.due.as_ref(), pending(task))
                }),
                due_today: count(&|task| {
                    pending(task) && range(Some(today), None).matches(task.due.as_ref(), true)
                }),
            };
            assert_eq!(read.task_stats(&alice, &zone, now()).await.unwrap(), expected, "{zone}");
            assert!(expected.overdue > 0 && expected.due_today > 0, "{expected:?}");
        }
        let nobody = read.task_stats(&user("nobody"), &TimeZoneName::utc(), now()).await;
        assert_eq!(nobody.unwrap(), TaskStats::default());
    }
}
