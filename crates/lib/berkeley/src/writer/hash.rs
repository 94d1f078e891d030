// SPDX-License-Identifier: MIT OR Apache-2.0
//! Hash files, write side.
//!
//! The number of buckets is a power of two chosen so that pages are about two thirds full; the
//! first pages of all buckets come first, their continuations and overflow pages after them.

use super::{Output, PageBuilder, put_u32, without_duplicates};
use crate::format::{
    HASH_CHECK, HASH_ELEMENTS, HASH_HIGH_MASK, HASH_LOW_MASK, HASH_MAGIC, HASH_MAX_BUCKET,
    HASH_SPARES, HEADER, ITEM_DATA, TYPE_HASH, TYPE_HASH_META, ceiling_log2, hash_check, hash_of,
};
use crate::{Entry, Error};

/// The bytes of a hash file that holds `entries`; of equal keys the last one counts.
///
/// *Errors:* a page size that is no power of two from 512 to 65536, or more than 2^32 pages.
pub fn write_hash(entries: &[Entry], page_size: usize) -> Result<Vec<u8>, Error> {
    let mut output = Output::new(page_size)?;
    let entries = without_duplicates(entries);
    let count = bucket_count(&entries, page_size)?;
    for _ in 0..count {
        output.add(PageBuilder::new(page_size, TYPE_HASH, 0))?;
    }
    let mut buckets: Vec<Vec<&Entry>> = vec![Vec::new(); count as usize];
    for &entry in &entries {
        buckets[(hash_of(&entry.0) & (count - 1)) as usize].push(entry);
    }
    for (first, mut bucket) in (1..).zip(buckets) {
        // Version 9 keeps the keys of a page sorted.
        bucket.sort_unstable_by(|left, right| left.0.cmp(&right.0));
        write_bucket(&mut output, first, &bucket)?;
    }
    output.put_metadata(HASH_MAGIC, TYPE_HASH_META, entries.len())?;
    let elements = u32::try_from(entries.len()).map_err(|_| Error::Format("too many entries"))?;
    let meta = &mut output.pages[0];
    put_u32(meta, HASH_MAX_BUCKET, count - 1);
    put_u32(meta, HASH_HIGH_MASK, count - 1);
    put_u32(meta, HASH_LOW_MASK, (count >> 1) - 1);
    put_u32(meta, HASH_ELEMENTS, elements);
    put_u32(meta, HASH_CHECK, hash_check());
    // All doublings so far lie in one piece that begins at page 1.
    for doubling in 0..=ceiling_log2(count) as usize {
        put_u32(meta, HASH_SPARES + 4 * doubling, 1);
    }
    Ok(output.into_bytes())
}

fn bucket_count(entries: &[&Entry], page_size: usize) -> Result<u32, Error> {
    let size = |item: &[u8]| {
        if is_big(item, page_size) {
            12
        } else {
            1 + item.len()
        }
    };
    let total: usize = entries
        .iter()
        .map(|(key, value)| size(key) + size(value) + 4)
        .sum();
    let wanted = total / ((page_size - HEADER) * 2 / 3) + 1;
    wanted
        .checked_next_power_of_two()
        .and_then(|count| u32::try_from(count.max(2)).ok())
        .ok_or(Error::Format("too many entries"))
}

/// Whether an item goes to overflow pages, by libdb's rule.
fn is_big(item: &[u8], page_size: usize) -> bool {
    item.len() > page_size / 4
}

fn encode(output: &mut Output, data: &[u8]) -> Result<Vec<u8>, Error> {
    if is_big(data, output.page_size) {
        return output.overflow(data, 0).map(|reference| reference.to_vec());
    }
    let mut item = Vec::with_capacity(1 + data.len());
    item.push(ITEM_DATA);
    item.extend_from_slice(data);
    Ok(item)
}

/// Writes the entries of one bucket, whose first page is number `first`.
fn write_bucket(output: &mut Output, first: u32, bucket: &[&Entry]) -> Result<(), Error> {
    let page_size = output.page_size;
    let mut full: Vec<PageBuilder> = Vec::new();
    let mut page = PageBuilder::new(page_size, TYPE_HASH, 0);
    for (key, value) in bucket {
        let key = encode(output, key)?;
        let value = encode(output, value)?;
        if page.room() < key.len() + value.len() + 4 {
            full.push(std::mem::replace(
                &mut page,
                PageBuilder::new(page_size, TYPE_HASH, 0),
            ));
        }
        page.push(&key);
        page.push(&value);
    }
    full.push(page);
    let mut previous = None;
    for page in full {
        previous = Some(match previous {
            None => {
                output.replace(first, page);
                first
            }
            Some(previous) => {
                let number = output.add(page)?;
                output.link(previous, number);
                number
            }
        });
    }
    Ok(())
}
