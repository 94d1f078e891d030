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
use crate::{Error, Pair};

/// The bytes of a hash file that holds `entries`; of equal keys the last one counts.
///
/// *Errors:* a page size that is no power of two from 512 to 65536, or more than 2^32 pages.
pub fn write_hash(entries: &[Pair<'_>], page_size: usize) -> Result<Vec<u8>, Error> {
    const TOO_MANY: Error = Error::Format("too many entries");
    let mut output = Output::new(page_size)?;
    let count = bucket_count(entries, page_size)?;
    let numbers = 0..u32::try_from(entries.len()).map_err(|_| TOO_MANY)?;
    let key = |number: u32| entries[number as usize].0;
    let mut placed: Vec<(u32, u32)> = numbers
        .map(|number| (hash_of(key(number)) & (count - 1), number))
        .collect();
    // Version 9 keeps the keys of a page sorted.
    placed.sort_unstable_by(|(left_bucket, left), (right_bucket, right)| {
        let buckets = left_bucket.cmp(right_bucket);
        buckets
            .then_with(|| key(*left).cmp(key(*right)))
            .then(left.cmp(right))
    });
    let first_pages = (count as usize + 1)
        .checked_mul(page_size)
        .ok_or(TOO_MANY)?;
    output.bytes.resize(first_pages, 0);
    let (mut rest, mut elements) = (placed.as_slice(), 0);
    for bucket in 0..count {
        let end = rest.partition_point(|(other, _)| *other <= bucket);
        let (here, behind) = rest.split_at(end);
        let here = here.iter().map(|(_, number)| entries[*number as usize]);
        elements += write_bucket(&mut output, bucket + 1, without_duplicates(here))?;
        rest = behind;
    }
    output.put_metadata(HASH_MAGIC, TYPE_HASH_META, elements)?;
    let elements = u32::try_from(elements).map_err(|_| TOO_MANY)?;
    let meta = output.page(0);
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

/// A power of two with which buckets hold from 0.6 to 1.2 pages each: files are then smallest.
fn bucket_count(entries: &[Pair<'_>], page_size: usize) -> Result<u32, Error> {
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
    let wanted = total / ((page_size - HEADER) * 6 / 5) + 1;
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

/// Writes the entries of one bucket, whose first page is number `first`; tells their number.
fn write_bucket<'e>(
    output: &mut Output,
    first: u32,
    bucket: impl Iterator<Item = Pair<'e>>,
) -> Result<usize, Error> {
    let page_size = output.page_size;
    let fresh = || PageBuilder::new(page_size, TYPE_HASH, 0);
    let (mut page, mut number, mut count) = (fresh(), first, 0);
    for (key, value) in bucket {
        let key = encode(output, key)?;
        let value = encode(output, value)?;
        if page.room() < key.len() + value.len() + 4 {
            output.fill(number, &std::mem::replace(&mut page, fresh()));
            let next = output.add(&page)?;
            output.link(number, next);
            number = next;
        }
        page.push(&key);
        page.push(&value);
        count += 1;
    }
    output.fill(number, &page);
    Ok(count)
}
