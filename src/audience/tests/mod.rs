//! Live audiences against the oracle, which reads every row of everybody.

mod apart;
mod chance;
mod conditions;
mod definitions;
mod histories;
mod naive;
mod stories;
