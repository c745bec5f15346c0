//! The whole system in one process, on port 0, with a clock that tests turn.
