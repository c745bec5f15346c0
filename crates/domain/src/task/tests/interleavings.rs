//! Every order in which completion, its handler and everything else can come.

use crate::fixtures::{CountingIds, created, daily, time};
use crate::{Status, Task, TaskId, TaskPatch, Title};

const NOW: &str = "2026-03-28T10:00:00Z";
/// Every sequence of this many steps is tried.
const DEPTH: usize = 7;

#[derive(Clone, Copy, Debug)]
enum Step {
    Complete,
    Reopen,
    Delete,
    Undelete,
    /// The handler takes a `task-completed`, for the first time or once more.
    Handle,
    /// The user edits the present successor.
    Touch,
}

const STEPS: [Step; 6] = [
    Step::Complete,
    Step::Reopen,
    Step::Delete,
    Step::Undelete,
    Step::Handle,
    Step::Touch,
];

/// The stored rows.
#[derive(Clone)]
struct World {
    first: Task,
    others: Vec<Task>,
    next_id: u128,
}

impl World {
    fn linked(&self) -> Option<&Task> {
        self.others
            .iter()
            .find(|task| Some(task.id) == self.first.successor_task_id)
    }

    fn store(&mut self, id: TaskId, after: Task) {
        let row = self
            .others
            .iter_mut()
            .find(|task| task.id == id)
            .expect("the row is there");
        *row = after;
    }

    fn take(&mut self, step: Step) {
        let first = self.first.clone();
        match step {
            Step::Complete => {
                if let Ok(change) = first.complete(time(NOW)) {
                    self.first = change.after;
                }
            }
            Step::Reopen => {
                if let Ok(reopened) = first.reopen(self.linked().cloned(), time(NOW)) {
                    self.first = reopened.task.after;
                    if let Some(change) = reopened.taken_back {
                        self.store(change.after.id, change.after);
                    }
                }
            }
            Step::Delete => {
                if let Ok(change) = first.delete(time(NOW)) {
                    self.first = change.after;
                }
            }
            Step::Undelete => {
                if let Ok(change) = first.undelete(time(NOW)) {
                    self.first = change.after;
                }
            }
            Step::Handle => {
                self.next_id += 10;
                let mut ids = CountingIds::from(self.next_id);
                if let Some((linked, change)) = first.successor(time(NOW), &mut ids) {
                    self.first = linked;
                    self.others.push(change.after);
                }
            }
            Step::Touch => {
                let Some(linked) = self.linked().cloned() else {
                    return;
                };
                let title = Title::parse(&format!("touched {}", linked.version)).ok();
                let patch = TaskPatch {
                    title,
                    ..TaskPatch::default()
                };
                let zone = crate::fixtures::zone("UTC");
                let mut ids = CountingIds::default();
                let scope = crate::SeriesScope::default();
                let change = linked.update(patch, scope, &zone, time(NOW), &mut ids);
                if let Ok(Some(change)) = change {
                    self.store(change.after.id, change.after);
                }
            }
        }
    }

    fn assert_sound(&self, path: &[Step]) {
        let following: Vec<_> = self
            .others
            .iter()
            .filter(|task| task.predecessor_task_id == Some(self.first.id))
            .map(|task| task.id)
            .collect();
        let linked: Vec<_> = self.first.successor_task_id.into_iter().collect();
        assert_eq!(following, linked, "the key and the link disagree: {path:?}");
        for task in &self.others {
            let is_linked = linked.contains(&task.id);
            assert_eq!(
                is_linked,
                !task.is_deleted(),
                "a stray occurrence: {path:?}"
            );
        }
        if self.first.status == Status::Pending && self.first.deleted_at.is_none() {
            let touched = self.linked().is_none_or(|task| task.version > 1);
            assert!(
                touched,
                "an untouched successor of a pending task: {path:?}"
            );
        }
    }
}

fn explore(world: &World, path: &mut Vec<Step>, count: &mut usize) {
    if path.len() == DEPTH {
        *count += 1;
        return;
    }
    for step in STEPS {
        let mut next = world.clone();
        next.take(step);
        path.push(step);
        next.assert_sound(path);
        // However it came about, the handler settles it, and settles it once.
        let mut handled = next.clone();
        handled.take(Step::Handle);
        let is_completed = handled.first.completed_at().is_some();
        assert!(
            !is_completed || handled.linked().is_some(),
            "no successor: {path:?}"
        );
        let rows = handled.others.len();
        handled.take(Step::Handle);
        assert_eq!(handled.others.len(), rows, "handled twice: {path:?}");
        explore(&next, path, count);
        path.pop();
    }
}

#[test]
fn every_order_leaves_one_successor_of_a_completed_task_and_none_untouched_of_a_pending_one() {
    let first = created(daily("2026-03-28T09:00"));
    let world = World {
        first,
        others: Vec::new(),
        next_id: 100,
    };
    let mut count = 0;
    explore(&world, &mut Vec::new(), &mut count);
    assert_eq!(count, 279_936, "six steps in every order of seven");
}

#[test]
fn completing_again_after_a_take_back_makes_a_new_successor() {
    let first = created(daily("2026-03-28T09:00"));
    let mut world = World {
        first,
        others: Vec::new(),
        next_id: 100,
    };
    for step in [
        Step::Complete,
        Step::Handle,
        Step::Reopen,
        Step::Complete,
        Step::Handle,
    ] {
        world.take(step);
    }
    assert_eq!(world.others.len(), 2);
    assert!(world.others[0].is_deleted());
    assert_eq!(world.first.successor_task_id, Some(world.others[1].id));
}

#[test]
fn completing_again_after_the_successor_was_touched_makes_no_second() {
    let first = created(daily("2026-03-28T09:00"));
    let mut world = World {
        first,
        others: Vec::new(),
        next_id: 100,
    };
    let steps = [
        Step::Complete,
        Step::Handle,
        Step::Touch,
        Step::Reopen,
        Step::Complete,
        Step::Handle,
    ];
    for step in steps {
        world.take(step);
    }
    assert_eq!(world.others.len(), 1);
    assert!(!world.others[0].is_deleted());
}
