// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hash files, read side: which bucket, which page, which item.
//!
//! Items alternate between key and value. They fill the page from its end, so item `i` ends where
//! item `i - 1` begins.

use crate::Error;
use crate::duplicates::{first_of_set, first_of_tree};
use crate::format::{
    HASH_CHECK, HASH_FLAGS_READ, HASH_HIGH_MASK, HASH_LOW_MASK, HASH_MAX_BUCKET, HASH_SPARES,
    ITEM_DATA, ITEM_DUPLICATES, ITEM_DUPLICATES_TREE, ITEM_OVERFLOW, META_FLAGS, TYPE_HASH,
    TYPE_HASH_UNSORTED, TYPE_UNUSED, ceiling_log2, hash_check, hash_of,
};
use crate::page::{Item, Order, Page, Source, Walk};

/// The part of the metadata that finds buckets.
#[derive(Debug, Clone)]
pub(crate) struct Buckets {
    highest: u32,
    high_mask: u32,
    low_mask: u32,
    /// Page number of bucket `b` is `b + spares[ceiling_log2(b + 1)]`.
    spares: [u32; 32],
}

impl Buckets {
    pub(crate) fn parse(meta: &[u8], order: Order, pages: u32) -> Result<Self, Error> {
        let short = Error::Format("file is too short");
        let Some(((highest, high_mask), (low_mask, check))) = order
            .u32(meta, HASH_MAX_BUCKET)
            .zip(order.u32(meta, HASH_HIGH_MASK))
            .zip(
                order
                    .u32(meta, HASH_LOW_MASK)
                    .zip(order.u32(meta, HASH_CHECK)),
            )
        else {
            return Err(short);
        };
        if order
            .u32(meta, META_FLAGS)
            .is_none_or(|flags| flags & !HASH_FLAGS_READ != 0)
        {
            return Err(Error::Format("sub-databases are not supported"));
        }
        if check != hash_check() {
            return Err(Error::Format("unknown hash function"));
        }
        if highest >= pages {
            return Err(Error::Format("more buckets than pages"));
        }
        let mut spares = [0; 32];
        for (index, spare) in spares.iter_mut().enumerate() {
            *spare = order
                .u32(meta, HASH_SPARES + 4 * index)
                .ok_or(Error::Format("file is too short"))?;
        }
        Ok(Self {
            highest,
            high_mask,
            low_mask,
            spares,
        })
    }

    pub(crate) fn highest(&self) -> u32 {
        self.highest
    }

    fn bucket_of(&self, key: &[u8]) -> u32 {
        let hash = hash_of(key);
        let bucket = hash & self.high_mask;
        if bucket > self.highest {
            hash & self.low_mask
        } else {
            bucket
        }
    }

    /// The first page of a bucket.
    pub(crate) fn page_of(&self, bucket: u32) -> Result<u32, Error> {
        bucket
            .checked_add(1)
            .and_then(|count| self.spares.get(ceiling_log2(count) as usize))
            .and_then(|spare| bucket.checked_add(*spare))
            .ok_or(Error::Format("bucket out of range"))
    }
}

/// Checks that a page belongs to a bucket. Pages that libdb has reserved but not yet written are
/// all zero: those are empty.
pub(crate) fn check(page: &Page) -> Result<(), Error> {
    match page.kind() {
        TYPE_HASH | TYPE_HASH_UNSORTED => {
            if page.items().is_multiple_of(2) {
                Ok(())
            } else {
                Err(Error::Format("key without value"))
            }
        }
        TYPE_UNUSED if page.items() == 0 && page.next() == 0 => Ok(()),
        _ => Err(Error::Format("not a hash page")),
    }
}

/// Item `index` of a hash page; of several values the first.
pub(crate) fn item(page: &Page, index: usize) -> Result<Item<'_>, Error> {
    let start = page.item_offset(index)?;
    let end = match index {
        0 => page.size(),
        _ => page.item_offset(index - 1)?,
    };
    match page.slice(start, end)? {
        [ITEM_DATA, data @ ..] => Ok(Item::Here(data)),
        [ITEM_OVERFLOW, ..] if end - start >= 12 => Ok(Item::Overflow {
            first: page.u32(start + 4)?,
            length: page.u32(start + 8)?,
        }),
        [ITEM_DUPLICATES, ..] => first_of_set(page, start + 1, end).map(Item::Here),
        [ITEM_DUPLICATES_TREE, ..] if end - start >= 8 => Ok(Item::Tree {
            root: page.u32(start + 4)?,
        }),
        _ => Err(Error::Format("unsupported item in a hash page")),
    }
}

/// The value that stands behind the key at `index`.
pub(crate) fn pair_value<S: Source>(
    walk: &mut Walk<'_, S>,
    page: &Page,
    index: usize,
) -> Result<Option<Vec<u8>>, Error> {
    match item(page, index + 1)? {
        Item::Tree { root } => first_of_tree(root, walk),
        value => walk.load(&value).map(Some),
    }
}

/// Searches the pages of a key's bucket.
pub(crate) fn find<S: Source>(
    buckets: &Buckets,
    walk: &mut Walk<'_, S>,
    key: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let mut number = buckets.page_of(buckets.bucket_of(key))?;
    while number != 0 {
        let page = walk.page(number)?;
        check(&page)?;
        for index in (0..page.items()).step_by(2) {
            if walk.equals(&item(&page, index)?, key)? {
                return pair_value(walk, &page, index);
            }
        }
        number = page.next();
    }
    Ok(None)
}
