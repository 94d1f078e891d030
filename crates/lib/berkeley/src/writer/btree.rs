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
use crate::{Entry, Error};

const ROOT: u32 = 1;

/// A finished page of one level: the separator from the page before it, and its number.
struct Child {
    separator: Vec<u8>,
    page: u32,
}

/// The bytes of a btree file that holds `entries`; of equal keys the last one counts.
///
/// *Errors:* a page size that is no power of two from 512 to 65536, or more than 2^32 pages.
pub fn write_btree(entries: &[Entry], page_size: usize) -> Result<Vec<u8>, Error> {
    let mut output = Output::new(page_size)?;
    let mut entries = without_duplicates(entries);
    entries.sort_unstable_by(|left, right| left.0.cmp(&right.0));
    output.add(PageBuilder::new(page_size, TYPE_BTREE_LEAF, 1))?;
    let mut children = write_leaves(&mut output, &entries)?;
    let mut level = 1;
    while children.len() > 1 {
        level += 1;
        children = write_level(&mut output, &children, level)?;
    }
    output.put_metadata(BTREE_MAGIC, TYPE_BTREE_META, entries.len())?;
    let meta = &mut output.pages[0];
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

/// Writes the pages of one level; a single page becomes the root.
fn place(
    output: &mut Output,
    mut pages: Vec<(Vec<u8>, PageBuilder)>,
    linked: bool,
) -> Result<Vec<Child>, Error> {
    if pages.len() == 1 {
        output.replace(ROOT, pages.remove(0).1);
        return Ok(Vec::new());
    }
    let mut children: Vec<Child> = Vec::with_capacity(pages.len());
    for (separator, page) in pages {
        let number = output.add(page)?;
        if let (true, Some(previous)) = (linked, children.last()) {
            output.link(previous.page, number);
        }
        children.push(Child {
            separator,
            page: number,
        });
    }
    Ok(children)
}

fn write_leaves(output: &mut Output, entries: &[&Entry]) -> Result<Vec<Child>, Error> {
    let fresh = |size| PageBuilder::new(size, TYPE_BTREE_LEAF, 1);
    let mut pages = vec![(Vec::new(), fresh(output.page_size))];
    let mut last: &[u8] = b"";
    for (key, value) in entries {
        let key_item = encode(output, key)?;
        let value_item = encode(output, value)?;
        let needed = key_item.len() + value_item.len() + 4;
        if pages.last().is_none_or(|(_, page)| page.room() < needed) {
            pages.push((separator(last, key), fresh(output.page_size)));
        }
        if let Some((_, page)) = pages.last_mut() {
            page.push(&key_item);
            page.push(&value_item);
        }
        last = key;
    }
    place(output, pages, true)
}

fn write_level(output: &mut Output, children: &[Child], level: u8) -> Result<Vec<Child>, Error> {
    let fresh = |size| PageBuilder::new(size, TYPE_BTREE_INTERNAL, level);
    let mut pages: Vec<(Vec<u8>, PageBuilder)> = Vec::new();
    for child in children {
        let needed = internal_length(&child.separator, output.page_size) + 2;
        let full = pages.last().is_none_or(|(_, page)| page.room() < needed);
        // The first item of a page is below every key; its own text is never compared.
        let separator: &[u8] = if full { b"" } else { &child.separator };
        let item = internal_item(output, separator, child.page)?;
        if full {
            pages.push((child.separator.clone(), fresh(output.page_size)));
        }
        if let Some((_, page)) = pages.last_mut() {
            page.push(&item);
        }
    }
    place(output, pages, false)
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
