// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where the scheduler keeps its objects: numbered slots with typed keys, and chains through them.
//!
//! Transports, destinations, jobs, peers and entries refer to each other in every direction. They
//! live in arenas and name each other by [`Key`], so that there is one owner and no cycle.
//!
//! *Invariants*: a key is valid until its object is removed; the slot is then reused under another
//! generation, so that a stale key finds nothing. Indexing with a stale key is a bug of the
//! scheduler and panics; no key ever comes from outside this process.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// Names one object of an [`Arena`].
pub(crate) struct Key<T> {
    slot: u32,
    generation: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Clone for Key<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Key<T> {}

impl<T> PartialEq for Key<T> {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot && self.generation == other.generation
    }
}

impl<T> Eq for Key<T> {}

impl<T> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.slot.hash(state);
        self.generation.hash(state);
    }
}

impl<T> fmt::Debug for Key<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}.{}", self.slot, self.generation)
    }
}

/// An arena of this size is not worth giving back.
const SLOTS_KEPT: usize = 64;

struct Slot<T> {
    generation: u32,
    object: Option<T>,
}

/// Objects of one kind, each under a [`Key`].
pub(crate) struct Arena<T> {
    slots: Vec<Slot<T>>,
    free: Vec<u32>,
    /// The generation of new slots: later than any that was in use before memory was given back.
    first_generation: u32,
}

impl<T> Arena<T> {
    /// An arena without objects.
    pub(crate) fn new() -> Self {
        Arena {
            slots: Vec::new(),
            free: Vec::new(),
            first_generation: 0,
        }
    }

    /// Takes an object in and names it.
    pub(crate) fn insert(&mut self, object: T) -> Key<T> {
        if let Some(slot) = self.free.pop() {
            let place = &mut self.slots[slot as usize];
            place.object = Some(object);
            return Key {
                slot,
                generation: place.generation,
                kind: PhantomData,
            };
        }
        let slot = u32::try_from(self.slots.len()).unwrap_or(u32::MAX);
        let generation = self.first_generation;
        self.slots.push(Slot {
            generation,
            object: Some(object),
        });
        Key {
            slot,
            generation,
            kind: PhantomData,
        }
    }

    /// Takes an object out; its key becomes stale.
    pub(crate) fn remove(&mut self, key: Key<T>) -> Option<T> {
        let place = self.slots.get_mut(key.slot as usize)?;
        if place.generation != key.generation {
            return None;
        }
        let object = place.object.take()?;
        place.generation = place.generation.wrapping_add(1);
        self.free.push(key.slot);
        Some(object)
    }

    /// The object, if it still lives.
    pub(crate) fn get(&self, key: Key<T>) -> Option<&T> {
        let place = self.slots.get(key.slot as usize)?;
        if place.generation == key.generation {
            place.object.as_ref()
        } else {
            None
        }
    }

    /// The object, if it still lives.
    pub(crate) fn get_mut(&mut self, key: Key<T>) -> Option<&mut T> {
        let place = self.slots.get_mut(key.slot as usize)?;
        if place.generation == key.generation {
            place.object.as_mut()
        } else {
            None
        }
    }

    /// How many objects live here.
    pub(crate) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// Gives back the memory of many objects when all are gone; whether there was some.
    pub(crate) fn rest(&mut self) -> bool {
        let many = self.len() == 0 && self.slots.len() > SLOTS_KEPT;
        if many {
            let used = self.slots.iter().map(|slot| slot.generation).max();
            self.first_generation = used.unwrap_or(0).wrapping_add(1);
            self.slots = Vec::new();
            self.free = Vec::new();
        }
        many
    }

    /// The keys of all objects, in no particular order.
    pub(crate) fn keys(&self) -> Vec<Key<T>> {
        let live = |(number, slot): (usize, &Slot<T>)| {
            slot.object.as_ref()?;
            let slot_number = u32::try_from(number).ok()?;
            Some(Key {
                slot: slot_number,
                generation: slot.generation,
                kind: PhantomData,
            })
        };
        self.slots.iter().enumerate().filter_map(live).collect()
    }
}

impl<T> Index<Key<T>> for Arena<T> {
    type Output = T;
    fn index(&self, key: Key<T>) -> &T {
        self.get(key).expect("the scheduler keeps no stale key")
    }
}

impl<T> IndexMut<Key<T>> for Arena<T> {
    fn index_mut(&mut self, key: Key<T>) -> &mut T {
        self.get_mut(key).expect("the scheduler keeps no stale key")
    }
}

/// The place of one object in a [`Chain`].
pub(crate) struct Links<T> {
    before: Option<Key<T>>,
    after: Option<Key<T>>,
}

impl<T> Links<T> {
    /// Not in a chain.
    pub(crate) fn new() -> Self {
        Links {
            before: None,
            after: None,
        }
    }

    /// The next object of the chain.
    pub(crate) fn after(&self) -> Option<Key<T>> {
        self.after
    }

    /// The previous object of the chain.
    pub(crate) fn before(&self) -> Option<Key<T>> {
        self.before
    }
}

/// An ordered list of objects that carry their own [`Links`]; all changes cost the same for any
/// length. `links` says which of an object's links belong to this chain.
pub(crate) struct Chain<T> {
    first: Option<Key<T>>,
    last: Option<Key<T>>,
    links: fn(&mut T) -> &mut Links<T>,
}

impl<T> Chain<T> {
    /// A chain without objects.
    pub(crate) fn new(links: fn(&mut T) -> &mut Links<T>) -> Self {
        Chain {
            first: None,
            last: None,
            links,
        }
    }

    /// The first object.
    pub(crate) fn first(&self) -> Option<Key<T>> {
        self.first
    }

    /// The last object.
    pub(crate) fn last(&self) -> Option<Key<T>> {
        self.last
    }

    /// Adds `key` at the end.
    pub(crate) fn append(&mut self, arena: &mut Arena<T>, key: Key<T>) {
        self.insert_before(arena, None, key);
    }

    /// Adds `key` before `next`, or at the end when that is `None`.
    pub(crate) fn insert_before(
        &mut self,
        arena: &mut Arena<T>,
        next: Option<Key<T>>,
        key: Key<T>,
    ) {
        let before = match next {
            Some(next) => (self.links)(&mut arena[next]).before,
            None => self.last,
        };
        *(self.links)(&mut arena[key]) = Links {
            before,
            after: next,
        };
        match before {
            Some(before) => (self.links)(&mut arena[before]).after = Some(key),
            None => self.first = Some(key),
        }
        match next {
            Some(next) => (self.links)(&mut arena[next]).before = Some(key),
            None => self.last = Some(key),
        }
    }

    /// Takes `key` out of the chain it is in.
    pub(crate) fn remove(&mut self, arena: &mut Arena<T>, key: Key<T>) {
        let links = std::mem::replace((self.links)(&mut arena[key]), Links::new());
        match links.before {
            Some(before) => (self.links)(&mut arena[before]).after = links.after,
            None => self.first = links.after,
        }
        match links.after {
            Some(after) => (self.links)(&mut arena[after]).before = links.before,
            None => self.last = links.before,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Bead {
        name: char,
        links: Links<Bead>,
    }

    fn names(chain: &Chain<Bead>, arena: &Arena<Bead>) -> String {
        let mut text = String::new();
        let mut next = chain.first();
        while let Some(key) = next {
            text.push(arena[key].name);
            next = arena[key].links.after();
        }
        text
    }

    #[test]
    fn a_stale_key_finds_nothing_after_its_slot_was_reused() {
        let mut arena = Arena::new();
        let first = arena.insert(1);
        assert_eq!(arena.remove(first), Some(1));
        let second = arena.insert(2);
        assert_eq!(second.slot, first.slot);
        assert_eq!(arena.get(first), None);
        assert_eq!(arena.remove(first), None);
        assert_eq!(arena[second], 2);
        assert_eq!(arena.len(), 1);
        assert_eq!(arena.keys(), vec![second]);
    }

    #[test]
    fn keys_from_before_a_rest_stay_stale() {
        let mut arena = Arena::new();
        let keys: Vec<_> = (0..100).map(|number| arena.insert(number)).collect();
        for key in &keys {
            arena.remove(*key);
        }
        arena.rest();
        assert!(arena.slots.is_empty());
        let new = arena.insert(7);
        assert_eq!(arena[new], 7);
        assert!(keys.iter().all(|key| arena.get(*key).is_none()));
    }

    #[test]
    fn a_chain_keeps_its_order_through_insertions_and_removals() {
        let mut arena = Arena::new();
        let mut chain = Chain::new(|bead: &mut Bead| &mut bead.links);
        let [a, b, c, d] = ['a', 'b', 'c', 'd'].map(|name| {
            arena.insert(Bead {
                name,
                links: Links::new(),
            })
        });
        chain.append(&mut arena, a);
        chain.append(&mut arena, c);
        chain.insert_before(&mut arena, Some(c), b);
        chain.insert_before(&mut arena, Some(a), d);
        assert_eq!(names(&chain, &arena), "dabc");
        chain.remove(&mut arena, a);
        assert_eq!(names(&chain, &arena), "dbc");
        chain.remove(&mut arena, c);
        chain.remove(&mut arena, d);
        assert_eq!(names(&chain, &arena), "b");
        assert_eq!(chain.last(), Some(b));
        chain.remove(&mut arena, b);
        assert_eq!(chain.first(), None);
        assert_eq!(chain.last(), None);
    }
}
