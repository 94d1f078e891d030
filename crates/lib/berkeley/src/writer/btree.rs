// SPDX-License-Identifier: MIT OR Apache-2.0
//! Btree files, write side: leaves first, then each level of internal pages up to the root.
//!
//! The root is page 1, as libdb demands. A key in an internal page is the shortest text that
//! separates the page before from the page it leads to.

use super::{Output, PageBuilder, put_u32, without_duplicates};
use crate::format::{
    BTREE_MAGIC, BTREE_MIN_KEYS, BTREE_PAD, BTREE_ROOT, HEADER, ITEM_DATA, ITEM_OVERFLOW,
    TYPE_BTREE_INTERNAL, TYPE_BTREE_LEAF, TYPE_BTREE_META,
};
use crate::{Error, Pair};

const ROOT: u32 = 1;

/// A finished page of one level: the separator from the page before it, and its number.
struct Child {
    separator: Vec<u8>,
    page: u32,
}

/// The bytes of a btree file that holds `entries`; of equal keys the last one counts.
///
/// *Errors:* a page size that is no power of two from 512 to 65536, or more than 2^32 pages.
pub fn write_btree(entries: &[Pair<'_>], page_size: usize) -> Result<Vec<u8>, Error> {
    let mut output = Output::new(page_size)?;
    let last = u32::try_from(entries.len()).map_err(|_| Error::Format("too many entries"))?;
    let key = |number: u32| entries[number as usize].0;
    let mut sorted: Vec<u32> = (0..last).collect();
    sorted.sort_unstable_by(|left, right| key(*left).cmp(key(*right)).then(left.cmp(right)));
    let sorted = sorted.iter().map(|number| entries[*number as usize]);
    output.add(&PageBuilder::new(page_size, TYPE_BTREE_LEAF, 1))?;
    let (mut children, count) = write_leaves(&mut output, without_duplicates(sorted))?;
    let mut level = 1;
    while children.len() > 1 {
        level += 1;
        children = write_level(&mut output, &children, level)?;
    }
    output.put_metadata(BTREE_MAGIC, TYPE_BTREE_META, count)?;
    let meta = output.page(0);
    put_u32(meta, BTREE_MIN_KEYS, 2);
    put_u32(meta, BTREE_PAD, 0x20);
    put_u32(meta, BTREE_ROOT, ROOT);
    Ok(output.into_bytes())
}

/// The longest item that stays on its page, so that a page holds two keys and their values.
fn longest(page_size: usize) -> usize {
    (page_size - HEADER) / 4 - 10
}

fn align(item: &mut Vec<u8>) {
    item.resize(item.len().next_multiple_of(4), 0);
}

fn encode(output: &mut Output, data: &[u8]) -> Result<Vec<u8>, Error> {
    if data.len() > longest(output.page_size) {
        return output.overflow(data, 2).map(|reference| reference.to_vec());
    }
    let mut item = length_of(data)?.to_vec();
    item.push(ITEM_DATA);
    item.extend_from_slice(data);
    align(&mut item);
    Ok(item)
}

fn length_of(data: &[u8]) -> Result<[u8; 2], Error> {
    let length = u16::try_from(data.len()).map_err(|_| Error::Format("item is too long"))?;
    Ok(length.to_le_bytes())
}

/// The shortest beginning of `next` that is greater than `last`, which is smaller than `next`.
fn separator(last: &[u8], next: &[u8]) -> Vec<u8> {
    let same = last
        .iter()
        .zip(next)
        .take_while(|(left, right)| left == right)
        .count();
    next[..next.len().min(same + 1)].to_vec()
}

/// The pages of one level, written as they get full; a single page becomes the root.
struct Level {
    fresh: PageBuilder,
    /// The page being filled, and the separator before it.
    page: PageBuilder,
    separator: Vec<u8>,
    /// Whether a page knows its neighbours.
    linked: bool,
    children: Vec<Child>,
}

impl Level {
    fn new(fresh: PageBuilder, linked: bool) -> Self {
        Self {
            page: fresh.clone(),
            fresh,
            separator: Vec::new(),
            linked,
            children: Vec::new(),
        }
    }

    /// Writes the full page and begins one with greater keys.
    fn next_page(&mut self, output: &mut Output, separator: Vec<u8>) -> Result<(), Error> {
        let number = output.add(&self.page)?;
        if let (true, Some(previous)) = (self.linked, self.children.last()) {
            output.link(previous.page, number);
        }
        let separator = std::mem::replace(&mut self.separator, separator);
        let page = number;
        self.children.push(Child { separator, page });
        self.page.clone_from(&self.fresh);
        Ok(())
    }

    /// Writes the last page; the pages of the level, unless it is the root alone.
    fn finish(mut self, output: &mut Output) -> Result<Vec<Child>, Error> {
        if self.children.is_empty() {
            output.replace(ROOT, &self.page);
        } else {
            self.next_page(output, Vec::new())?;
        }
        Ok(self.children)
    }
}

fn write_leaves<'e>(
    output: &mut Output,
    entries: impl Iterator<Item = Pair<'e>>,
) -> Result<(Vec<Child>, usize), Error> {
    let fresh = PageBuilder::new(output.page_size, TYPE_BTREE_LEAF, 1);
    let mut level = Level::new(fresh, true);
    let (mut last, mut count): (&[u8], _) = (b"", 0);
    for (key, value) in entries {
        let key_item = encode(output, key)?;
        let value_item = encode(output, value)?;
        if level.page.room() < key_item.len() + value_item.len() + 4 {
            level.next_page(output, separator(last, key))?;
        }
        level.page.push(&key_item);
        level.page.push(&value_item);
        last = key;
        count += 1;
    }
    Ok((level.finish(output)?, count))
}

fn write_level(output: &mut Output, children: &[Child], number: u8) -> Result<Vec<Child>, Error> {
    let fresh = PageBuilder::new(output.page_size, TYPE_BTREE_INTERNAL, number);
    let mut level = Level::new(fresh, false);
    for child in children {
        let needed = internal_length(&child.separator, output.page_size) + 2;
        if level.page.room() < needed {
            level.next_page(output, child.separator.clone())?;
        }
        // The first item of a page is below every key; its own text is never compared.
        let first = level.page.is_empty();
        let separator: &[u8] = if first { b"" } else { &child.separator };
        let item = internal_item(output, separator, child.page)?;
        level.page.push(&item);
    }
    level.finish(output)
}

fn internal_length(separator: &[u8], page_size: usize) -> usize {
    let data = if separator.len() > longest(page_size) {
        12
    } else {
        separator.len()
    };
    (12 + data).next_multiple_of(4)
}

fn internal_item(output: &mut Output, separator: &[u8], child: u32) -> Result<Vec<u8>, Error> {
    let (kind, data) = if separator.len() > longest(output.page_size) {
        (ITEM_OVERFLOW, output.overflow(separator, 2)?.to_vec())
    } else {
        (ITEM_DATA, separator.to_vec())
    };
    let mut item = length_of(&data)?.to_vec();
    item.extend([kind, 0]);
    item.extend(child.to_le_bytes());
    item.extend([0; 4]);
    item.extend(data);
    align(&mut item);
    Ok(item)
}
