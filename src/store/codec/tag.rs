//! The numbers that stand for kinds of value and of call.

pub(super) const NULL: u8 = 0;
pub(super) const FALSE: u8 = 1;
pub(super) const TRUE: u8 = 2;
pub(super) const NUMBER: u8 = 3;
pub(super) const DIGITS: u8 = 4;
pub(super) const TEXT: u8 = 5;
pub(super) const INSTANT: u8 = 6;
pub(super) const DATE: u8 = 7;
pub(super) const DURATION: u8 = 8;
pub(super) const LIST: u8 = 9;
pub(super) const OBJECT: u8 = 10;
/// How many kinds of value there are.
pub(super) const N: usize = 11;

/// Values inside one another, deeper than any call that the door lets in.
pub(super) const DEPTH_MAX: usize = 64;

/// Kinds of call; those up to `GROUP` have fields, those from `GROUP` on a text.
pub(super) mod kind {
    pub(in crate::store::codec) const TRACK: u8 = 0;
    pub(in crate::store::codec) const PAGE: u8 = 1;
    pub(in crate::store::codec) const SCREEN: u8 = 2;
    pub(in crate::store::codec) const IDENTIFY: u8 = 3;
    pub(in crate::store::codec) const GROUP: u8 = 4;
    pub(in crate::store::codec) const ALIAS: u8 = 5;
    pub(in crate::store::codec) const CONSENT: u8 = 6;
}
