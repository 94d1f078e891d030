// SPDX-License-Identifier: MIT OR Apache-2.0
//! Keys with several values, which libdb keeps in files made for them. A lookup table has one
//! value per key: the first one counts, here as for the original.
//!
//! Few values stay on the page of their key: a btree leaf repeats the key's item, a hash page has
//! one item with all values. Many values are in a tree of their own, whose leaves hold nothing
//! but values.

use crate::Error;
use crate::btree::{internal_child, leaf_item};
use crate::format::{
    MAX_DEPTH, TYPE_BTREE_INTERNAL, TYPE_DUPLICATE_LEAF, TYPE_RECORD_INTERNAL, TYPE_RECORD_LEAF,
};
use crate::page::{Page, Source, Walk};

/// The first of the values that one item of a hash page holds: each stands between its length
/// and its length again.
pub(crate) fn first_of_set(page: &Page, start: usize, end: usize) -> Result<&[u8], Error> {
    let length = page.u16(start)?;
    let data = start + 2;
    if data + length + 2 > end || page.u16(data + length)? != length {
        return Err(Error::Format("damaged set of duplicates"));
    }
    page.slice(data, data + length)
}

/// The first value in the tree of values that begins at page `root`.
pub(crate) fn first_of_tree<S: Source>(
    root: u32,
    walk: &mut Walk<'_, S>,
) -> Result<Option<Vec<u8>>, Error> {
    let mut number = root;
    for _ in 0..MAX_DEPTH {
        let page = walk.page(number)?;
        match page.kind() {
            TYPE_BTREE_INTERNAL => number = internal_child(&page, 0)?,
            // An item of these pages is the number of the child and a count.
            TYPE_RECORD_INTERNAL => number = page.u32(page.item_offset(0)?)?,
            TYPE_DUPLICATE_LEAF | TYPE_RECORD_LEAF => return first_of_leaves(page, walk),
            _ => return Err(Error::Format("not a page of duplicates")),
        }
    }
    Err(Error::Format("the tree is too deep"))
}

/// The first value that was not deleted, on a leaf or those behind it.
fn first_of_leaves<S: Source>(
    mut page: Page,
    walk: &mut Walk<'_, S>,
) -> Result<Option<Vec<u8>>, Error> {
    loop {
        for index in 0..page.items() {
            if let Some(item) = leaf_item(&page, index)? {
                return walk.load(&item).map(Some);
            }
        }
        match page.next() {
            0 => return Ok(None),
            next => page = walk.page(next)?,
        }
    }
}
