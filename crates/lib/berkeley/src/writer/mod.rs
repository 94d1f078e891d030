// SPDX-License-Identifier: MIT OR Apache-2.0
//! Makes a whole file from its entries.
//!
//! The file is built in memory, page by page, in little-endian order (libdb reads either order on
//! any machine). The file id, which libdb wants to be different for different files, is computed
//! from the contents.

mod btree;
mod hash;

use crate::format::{
    HEADER, ITEM_OVERFLOW, ITEMS, LEVEL, LOWEST, META_FILE_ID, META_KEYS, META_LAST_PAGE,
    META_MAGIC, META_PAGE_SIZE, META_RECORDS, META_TYPE, META_VERSION, NEXT, PAGE_NUMBER, PREVIOUS,
    TYPE, TYPE_OVERFLOW, WRITTEN_VERSION,
};
use crate::{Error, Pair};

pub use btree::write_btree;
pub use hash::write_hash;

/// One page being filled: item offsets grow from the header, items from the end.
#[derive(Clone)]
struct PageBuilder {
    bytes: Vec<u8>,
    lowest: usize,
    items: usize,
}

impl PageBuilder {
    fn new(page_size: usize, kind: u8, level: u8) -> Self {
        let mut bytes = vec![0; page_size];
        // A log sequence number of "not logged".
        put_u32(&mut bytes, 4, 1);
        bytes[LEVEL] = level;
        bytes[TYPE] = kind;
        let mut page = Self {
            bytes,
            lowest: page_size,
            items: 0,
        };
        page.put_counts();
        page
    }

    fn is_empty(&self) -> bool {
        self.items == 0
    }

    /// Bytes left for items and their offsets.
    fn room(&self) -> usize {
        self.lowest - HEADER - 2 * self.items
    }

    /// Adds an item; the caller has checked [`PageBuilder::room`] for it and its offset.
    fn push(&mut self, item: &[u8]) {
        self.lowest -= item.len();
        self.bytes[self.lowest..self.lowest + item.len()].copy_from_slice(item);
        put_u16(&mut self.bytes, HEADER + 2 * self.items, self.lowest);
        self.items += 1;
        self.put_counts();
    }

    fn put_counts(&mut self) {
        put_u16(&mut self.bytes, ITEMS, self.items);
        put_u16(&mut self.bytes, LOWEST, self.lowest);
    }
}

/// The pages of the file so far; page 0 is the metadata.
struct Output {
    page_size: usize,
    bytes: Vec<u8>,
}

impl Output {
    fn new(page_size: usize) -> Result<Self, Error> {
        if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
            return Err(Error::Format("invalid page size"));
        }
        Ok(Self {
            page_size,
            bytes: vec![0; page_size],
        })
    }

    /// The number that the next page will get.
    fn next_number(&self) -> Result<u32, Error> {
        u32::try_from(self.bytes.len() / self.page_size)
            .map_err(|_| Error::Format("too many pages"))
    }

    /// Adds a page at the end.
    fn add(&mut self, page: &PageBuilder) -> Result<u32, Error> {
        let number = self.next_number()?;
        self.bytes.extend_from_slice(&page.bytes);
        put_u32(self.page(number), PAGE_NUMBER, number);
        Ok(number)
    }

    /// Puts a page where a number was reserved for it.
    fn replace(&mut self, number: u32, page: &PageBuilder) {
        self.page(number).copy_from_slice(&page.bytes);
        put_u32(self.page(number), PAGE_NUMBER, number);
    }

    /// As [`Output::replace`], but keeps the links to neighbours.
    fn fill(&mut self, number: u32, page: &PageBuilder) {
        let place = self.page(number);
        place[..PREVIOUS].copy_from_slice(&page.bytes[..PREVIOUS]);
        place[ITEMS..].copy_from_slice(&page.bytes[ITEMS..]);
        put_u32(place, PAGE_NUMBER, number);
    }

    fn page(&mut self, number: u32) -> &mut [u8] {
        let start = number as usize * self.page_size;
        &mut self.bytes[start..start + self.page_size]
    }

    /// Makes `second` the successor of `first`.
    fn link(&mut self, first: u32, second: u32) {
        put_u32(self.page(first), NEXT, second);
        put_u32(self.page(second), PREVIOUS, first);
    }

    /// Stores data on overflow pages and returns the reference to it: item type, first page and
    /// length, in 12 bytes. The type stands at `type_offset`, which differs between the kinds.
    fn overflow(&mut self, data: &[u8], type_offset: usize) -> Result<[u8; 12], Error> {
        let length = u32::try_from(data.len()).map_err(|_| Error::Format("item is too long"))?;
        let first = self.next_number()?;
        let mut previous = None;
        for part in data.chunks(self.page_size - HEADER) {
            let mut page = PageBuilder::new(self.page_size, TYPE_OVERFLOW, 0);
            page.bytes[HEADER..HEADER + part.len()].copy_from_slice(part);
            // On overflow pages: one reference, and the number of data bytes.
            put_u16(&mut page.bytes, ITEMS, 1);
            put_u16(&mut page.bytes, LOWEST, part.len());
            let number = self.add(&page)?;
            if let Some(previous) = previous {
                self.link(previous, number);
            }
            previous = Some(number);
        }
        let mut reference = [0; 12];
        reference[type_offset] = ITEM_OVERFLOW;
        reference[4..8].copy_from_slice(&first.to_le_bytes());
        reference[8..12].copy_from_slice(&length.to_le_bytes());
        Ok(reference)
    }

    /// Fills in what both kinds of metadata share.
    fn put_metadata(&mut self, magic: u32, kind: u8, entries: usize) -> Result<(), Error> {
        let last = self.next_number()? - 1;
        let count = u32::try_from(entries).map_err(|_| Error::Format("too many entries"))?;
        let size = u32::try_from(self.page_size).map_err(|_| Error::Format("invalid page size"))?;
        let meta = self.page(0);
        put_u32(meta, 4, 1);
        for (offset, value) in [
            (META_MAGIC, magic),
            (META_VERSION, WRITTEN_VERSION),
            (META_PAGE_SIZE, size),
            (META_LAST_PAGE, last),
            (META_KEYS, count),
            (META_RECORDS, count),
        ] {
            put_u32(meta, offset, value);
        }
        meta[META_TYPE] = kind;
        Ok(())
    }

    /// The finished file.
    fn into_bytes(mut self) -> Vec<u8> {
        let id = file_id(&self.bytes);
        self.page(0)[META_FILE_ID..META_FILE_ID + id.len()].copy_from_slice(&id);
        self.bytes
    }
}

/// Twenty bytes that differ for different contents.
fn file_id(bytes: &[u8]) -> [u8; 20] {
    let (words, _) = bytes.as_chunks::<8>();
    let mut state = words.iter().fold(0xcbf2_9ce4_8422_2325_u64, |state, word| {
        (state ^ u64::from_be_bytes(*word))
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .rotate_left(29)
    });
    let mut id = [0; 20];
    for part in id.chunks_mut(4) {
        state = state
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        part.copy_from_slice(&state.to_be_bytes()[..4]);
    }
    id
}

/// Of neighbours with equal keys only the last one, which is the one that was added last.
fn without_duplicates<'e>(
    sorted: impl Iterator<Item = Pair<'e>>,
) -> impl Iterator<Item = Pair<'e>> {
    let mut sorted = sorted.peekable();
    std::iter::from_fn(move || {
        let mut pair = sorted.next()?;
        while let Some(later) = sorted.next_if(|(key, _)| *key == pair.0) {
            pair = later;
        }
        Some(pair)
    })
}

fn put_u32(bytes: &mut [u8], offset: usize, value: u32) {
    bytes[offset..offset + 4].copy_from_slice(&value.to_le_bytes());
}

/// Stores the low 16 bits: on pages of 65536 bytes the end of the page is written as 0.
fn put_u16(bytes: &mut [u8], offset: usize, value: usize) {
    let [low, high, ..] = value.to_le_bytes();
    bytes[offset..offset + 2].copy_from_slice(&[low, high]);
}
