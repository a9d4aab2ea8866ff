//! Identity against its meaning, and as scenes of people and their devices.

mod forgetting;
mod histories;
mod naming;
mod scenes;
mod world;
