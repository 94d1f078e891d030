// SPDX-License-Identifier: MIT OR Apache-2.0
//! Btree files, read side: from the root down to a leaf.
//!
//! Items of a leaf alternate between key and value. An item of an internal page holds the lowest
//! key below a child page; the first one of a page is lower than everything, whatever it says.

use std::cmp::Ordering;

use crate::Error;
use crate::duplicates::first_of_tree;
use crate::format::{
    BTREE_FLAGS_READ, BTREE_ROOT, ITEM_DATA, ITEM_DELETED, ITEM_DUPLICATES, ITEM_OVERFLOW,
    MAX_DEPTH, META_FLAGS, TYPE_BTREE_INTERNAL, TYPE_BTREE_LEAF,
};
use crate::page::{Item, Order, Page, Source, Walk};

/// The root page as the metadata states it.
pub(crate) fn root(meta: &[u8], order: Order) -> Result<u32, Error> {
    if order
        .u32(meta, META_FLAGS)
        .is_none_or(|flags| flags & !BTREE_FLAGS_READ != 0)
    {
        return Err(Error::Format(
            "records, sub-databases and compression are not supported",
        ));
    }
    order
        .u32(meta, BTREE_ROOT)
        .ok_or(Error::Format("file is too short"))
}

/// Item `index` of a leaf; `None` if it was deleted.
pub(crate) fn leaf_item(page: &Page, index: usize) -> Result<Option<Item<'_>>, Error> {
    let start = page.item_offset(index)?;
    match page.byte(start + 2)? {
        ITEM_DATA => {
            let end = start + 3 + page.u16(start)?;
            page.slice(start + 3, end)
                .map(|data| Some(Item::Here(data)))
        }
        ITEM_OVERFLOW => overflow_item(page, start).map(Some),
        ITEM_DUPLICATES => Ok(Some(Item::Tree {
            root: page.u32(start + 4)?,
        })),
        kind if kind & ITEM_DELETED != 0 => Ok(None),
        _ => Err(Error::Format("unsupported item in a btree leaf")),
    }
}

fn overflow_item(page: &Page, start: usize) -> Result<Item<'_>, Error> {
    Ok(Item::Overflow {
        first: page.u32(start + 4)?,
        length: page.u32(start + 8)?,
    })
}

/// The child page that item `index` of an internal page leads to.
pub(crate) fn internal_child(page: &Page, index: usize) -> Result<u32, Error> {
    page.u32(page.item_offset(index)? + 4)
}

/// The child page and the lowest key of item `index` of an internal page.
fn internal_item(page: &Page, index: usize) -> Result<(u32, Item<'_>), Error> {
    const DATA: usize = 12;
    let start = page.item_offset(index)?;
    let child = page.u32(start + 4)?;
    let key = match page.byte(start + 2)? & !ITEM_DELETED {
        ITEM_DATA => {
            let end = start + DATA + page.u16(start)?;
            Item::Here(page.slice(start + DATA, end)?)
        }
        ITEM_OVERFLOW => overflow_item(page, start + DATA)?,
        _ => return Err(Error::Format("unsupported item in a btree page")),
    };
    Ok((child, key))
}

fn compare<S: Source>(
    walk: &mut Walk<'_, S>,
    item: &Item<'_>,
    key: &[u8],
) -> Result<Ordering, Error> {
    match item {
        Item::Here(bytes) => Ok((*bytes).cmp(key)),
        Item::Overflow { .. } | Item::Tree { .. } => Ok(walk.load(item)?.as_slice().cmp(key)),
    }
}

/// Which child of an internal page holds `key`: the last one whose lowest key is not above it.
fn child_for<S: Source>(walk: &mut Walk<'_, S>, page: &Page, key: &[u8]) -> Result<u32, Error> {
    if page.items() == 0 {
        return Err(Error::Format("empty btree page"));
    }
    let (mut low, mut high) = (0, page.items());
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let (_, item) = internal_item(page, middle)?;
        match compare(walk, &item, key)? {
            Ordering::Greater => high = middle,
            Ordering::Less | Ordering::Equal => low = middle,
        }
    }
    internal_item(page, low).map(|(child, _)| child)
}

/// The value of a pair of items, if neither was deleted: of several values the first.
pub(crate) fn pair_value<S: Source>(
    walk: &mut Walk<'_, S>,
    page: &Page,
    index: usize,
) -> Result<Option<Vec<u8>>, Error> {
    match leaf_item(page, index + 1)? {
        Some(Item::Tree { root }) => first_of_tree(root, walk),
        Some(value) => walk.load(&value).map(Some),
        None => Ok(None),
    }
}

fn in_leaf<S: Source>(
    walk: &mut Walk<'_, S>,
    page: &Page,
    key: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    for index in (0..page.items() & !1).step_by(2) {
        let Some(item) = leaf_item(page, index)? else {
            continue;
        };
        // A key with several values has as many pairs; the first may have been deleted.
        if walk.equals(&item, key)?
            && let Some(value) = pair_value(walk, page, index)?
        {
            return Ok(Some(value));
        }
    }
    Ok(None)
}

/// Searches the tree.
pub(crate) fn find<S: Source>(
    root: u32,
    walk: &mut Walk<'_, S>,
    key: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let mut number = root;
    for _ in 0..MAX_DEPTH {
        let page = walk.page(number)?;
        match page.kind() {
            TYPE_BTREE_INTERNAL => number = child_for(walk, &page, key)?,
            TYPE_BTREE_LEAF => return in_leaf(walk, &page, key),
            _ => return Err(Error::Format("not a btree page")),
        }
    }
    Err(Error::Format("the tree is too deep"))
}

/// The first leaf.
pub(crate) fn leftmost<S: Source>(root: u32, walk: &mut Walk<'_, S>) -> Result<u32, Error> {
    let mut number = root;
    for _ in 0..MAX_DEPTH {
        let page = walk.page(number)?;
        match page.kind() {
            TYPE_BTREE_INTERNAL => number = internal_child(&page, 0)?,
            TYPE_BTREE_LEAF => return Ok(number),
            _ => return Err(Error::Format("not a btree page")),
        }
    }
    Err(Error::Format("the tree is too deep"))
}
