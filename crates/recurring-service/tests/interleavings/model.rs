//! The table: what each step does.

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Complete,
    Reopen,
    Delete,
    Undelete,
    /// Somebody edits the successor.
    Touch,
    /// The oldest event that has not been handled is.
    Handle,
    /// The first event that was handled comes again.
    HandleAgain,
}

pub const ALL: [Step; 7] = [
    Step::Complete,
    Step::Reopen,
    Step::Delete,
    Step::Undelete,
    Step::Touch,
    Step::Handle,
    Step::HandleAgain,
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Successor {
    None,
    Untouched,
    Touched,
}

/// What should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Model {
    pub completed: bool,
    pub deleted: bool,
    pub successor: Successor,
    /// Successors made so far, those taken back included.
    pub made: usize,
    pub waiting: usize,
    pub handled: usize,
}

impl Model {
    pub const START: Self = Self {
        completed: false,
        deleted: false,
        successor: Successor::None,
        made: 0,
        waiting: 0,
        handled: 0,
    };

    /// What becomes of it, or None where the step is not possible.
    pub fn after(mut self, step: Step) -> Option<Self> {
        match step {
            Step::Complete if !self.completed && !self.deleted => {
                self.completed = true;
                self.waiting += 1;
            }
            Step::Reopen if self.completed && !self.deleted => {
                self.completed = false;
                if self.successor == Successor::Untouched {
                    self.successor = Successor::None;
                }
            }
            Step::Delete if !self.deleted => self.deleted = true,
            Step::Undelete if self.deleted => self.deleted = false,
            Step::Touch if self.successor == Successor::Untouched => {
                self.successor = Successor::Touched;
            }
            Step::Handle if self.waiting > 0 => {
                self.waiting -= 1;
                self.handled += 1;
                self.follow();
            }
            Step::HandleAgain if self.handled > 0 => self.follow(),
            _ => return None,
        }
        Some(self)
    }

    /// A completed task without a successor gets one, also in the trash.
    pub fn follow(&mut self) {
        if self.completed && self.successor == Successor::None {
            self.successor = Successor::Untouched;
            self.made += 1;
        }
    }
}

/// All orders of possible steps, of this length.
pub fn orders(length: usize) -> Vec<Vec<Step>> {
    let mut orders = vec![(Model::START, Vec::new())];
    for _ in 0..length {
        let longer = orders.iter().flat_map(|(model, order)| {
            ALL.into_iter().filter_map(move |step| {
                let after = model.after(step)?;
                Some((after, [order.as_slice(), &[step]].concat()))
            })
        });
        orders = longer.collect();
    }
    orders.into_iter().map(|(_, order)| order).collect()
}
