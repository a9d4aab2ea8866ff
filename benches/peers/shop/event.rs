//! What happens in the shop: an event of a person, and what makes a person known.

/// The events, in the order in which those of one instant stand.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Page,
    View,
    Add,
    Order,
    Refund,
    Open,
    Click,
    Subscribe,
    Renew,
    Expire,
    Remove,
    Checkout,
}

pub const KINDS: [Kind; 12] = [
    Kind::Page,
    Kind::View,
    Kind::Add,
    Kind::Order,
    Kind::Refund,
    Kind::Open,
    Kind::Click,
    Kind::Subscribe,
    Kind::Renew,
    Kind::Expire,
    Kind::Remove,
    Kind::Checkout,
];

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Page => "Page Viewed",
            Kind::View => "Product Viewed",
            Kind::Add => "Product Added",
            Kind::Order => "Order Completed",
            Kind::Refund => "Order Refunded",
            Kind::Open => "Email Opened",
            Kind::Click => "Email Clicked",
            Kind::Subscribe => "Subscription Started",
            Kind::Renew => "Subscription Renewed",
            Kind::Expire => "Subscription Expired",
            Kind::Remove => "Product Removed",
            Kind::Checkout => "Checkout Started",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    Web,
    App,
    Email,
    Store,
}

impl Channel {
    pub fn name(self) -> &'static str {
        match self {
            Channel::Web => "web",
            Channel::App => "app",
            Channel::Email => "email",
            Channel::Store => "store",
        }
    }
}

#[derive(Clone, Copy)]
pub struct Product {
    pub category: u8,
    pub number: u16,
}

/// One event: 32 bytes, for a hundred million are held at once.
#[derive(Clone, Copy)]
pub struct Event {
    pub when: i64,
    pub person: u32,
    pub cents: Option<i32>,
    pub product: Option<Product>,
    /// Which visit of the person, from 1 on; 0 outside of any.
    pub visit: u16,
    pub kind: Kind,
    pub channel: Channel,
    /// Sent under the name of the visit, not of the person.
    pub anonymous: bool,
}

/// What an `identify` call says.
#[derive(Clone, Copy)]
pub enum Says {
    /// Everything about the person.
    All,
    /// That a visit was theirs.
    Visit(u16),
    /// A new plan.
    Plan(&'static str),
}

#[derive(Clone, Copy)]
pub struct Identify {
    pub when: i64,
    pub person: u32,
    pub says: Says,
}

impl Identify {
    /// 0 for everything, 1 for a visit, 2 for a plan: so those of one instant stand.
    pub fn kind(&self) -> u8 {
        match self.says {
            Says::All => 0,
            Says::Visit(_) => 1,
            Says::Plan(_) => 2,
        }
    }
}
