//! The slot that a group has, and what is kept of it there.

use super::{Group, Groups, Node, SHARED_BIT, Standing, Tenure};
use crate::identity::policy::Policy;

impl Groups {
    /// A number, alone in its group.
    pub(in crate::identity) fn admit(
        &mut self,
        number: u32,
        namespace: usize,
        standing: Standing,
        policy: &Policy,
    ) {
        let alone = Node {
            namespace: namespace as u16,
            standing,
            superseded: false,
            beside: false,
            scarred: false,
            slot: number,
            next: Tenure::first(number),
            second: None,
            last: None,
        };
        let nobody = Node { standing: Standing::Dead, next: Tenure::first(1), ..alone };
        *self.nodes.grown(number as usize, || nobody) = alone;
        self.groups.grown(number as usize, || Group {
            name: 0,
            n_tenures: 0,
            has: 0,
            vetoed: false,
        });
        self.reset(number, policy);
    }

    /// Puts a number back alone into a group, in its first tenure.
    pub(in crate::identity) fn reset(&mut self, number: u32, policy: &Policy) {
        let mut later = self.node(number).second;
        while let Some(tenure) = later {
            later = self.later_of(tenure).after;
            let free = self.free.replace(tenure);
            self.later_mut(tenure).after = free;
        }
        let node = self.node_mut(number);
        (node.slot, node.next) = (number, Tenure::first(number));
        (node.second, node.last) = (None, None);
        let node = *node;
        let counts = node.standing != Standing::Name && !node.superseded;
        let personal = counts && policy.is_personal(node.namespace.into());
        *self.group_mut(number) = Group {
            name: if node.standing == Standing::Nameless { u32::MAX } else { number },
            n_tenures: 1,
            has: if personal { 1 << u32::from(node.namespace).min(SHARED_BIT) } else { 0 },
            vetoed: !self.vetoes.is_empty() && self.vetoes.contains(&number),
        };
        self.own(number);
    }

    pub(in crate::identity) fn slot(&self, tenure: Tenure) -> u32 {
        tenure.place().map_or_else(|_| self.later_of(tenure).slot, |n| self.node(n as u32).slot)
    }

    pub(in crate::identity) fn current_slot(&self, number: u32) -> u32 {
        self.slot(self.current(number))
    }

    /// The name of the group in a slot.
    pub(in crate::identity) fn name(&self, slot: u32) -> u32 {
        self.group(slot).name
    }

    /// In which slot a number's first tenure is, if there is such a number.
    pub(in crate::identity) fn slot_ahead(&self, number: u32) -> u32 {
        self.nodes.get(number as usize).map_or(0, |node| node.slot)
    }

    /// The name in a slot, if there is such a slot.
    pub(in crate::identity) fn name_ahead(&self, slot: u32) -> u32 {
        self.groups.get(slot as usize).map_or(0, |group| group.name)
    }

    pub(super) fn set_slot(&mut self, tenure: Tenure, slot: u32) {
        match tenure.place() {
            Ok(number) => self.node_mut(number as u32).slot = slot,
            Err(_) => self.later_mut(tenure).slot = slot,
        }
    }

    pub(super) fn group(&self, slot: u32) -> Group {
        *self.groups.get(slot as usize).expect("every number was admitted")
    }

    pub(super) fn group_mut(&mut self, slot: u32) -> &mut Group {
        self.groups.get_mut(slot as usize).expect("every number was admitted")
    }
}
