//! Live updates to every open screen.
