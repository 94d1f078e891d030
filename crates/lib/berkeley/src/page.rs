// SPDX-License-Identifier: MIT OR Apache-2.0
//! Pages of a file, and items that continue on overflow pages.
//!
//! *Invariants:* every access is checked against the page; a [`Walk`] counts the pages it reads
//! and stops a request that follows links in circles.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use crate::Error;
use crate::format::{HEADER, ITEMS, LOWEST, NEXT, TYPE, TYPE_OVERFLOW};

/// Where the bytes of a file come from: a file, or memory.
pub trait Source {
    /// Fills `buffer` from `offset`; too few bytes are an error of kind `UnexpectedEof`.
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()>;
    /// The length in bytes.
    fn length(&self) -> io::Result<u64>;
}

impl Source for File {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        FileExt::read_exact_at(self, buffer, offset)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }
}

impl Source for Vec<u8> {
    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let part = usize::try_from(offset)
            .ok()
            .and_then(|start| self.get(start..start.checked_add(buffer.len())?))
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        buffer.copy_from_slice(part);
        Ok(())
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.len() as u64)
    }
}

/// The byte order of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    /// The number at `offset`, or `None` beyond the end.
    pub(crate) fn u32(self, bytes: &[u8], offset: usize) -> Option<u32> {
        let part: [u8; 4] = bytes.get(offset..offset.checked_add(4)?)?.try_into().ok()?;
        Some(match self {
            Self::Little => u32::from_le_bytes(part),
            Self::Big => u32::from_be_bytes(part),
        })
    }

    /// The number at `offset`, or `None` beyond the end.
    pub(crate) fn u16(self, bytes: &[u8], offset: usize) -> Option<usize> {
        let part: [u8; 2] = bytes.get(offset..offset.checked_add(2)?)?.try_into().ok()?;
        Some(usize::from(match self {
            Self::Little => u16::from_le_bytes(part),
            Self::Big => u16::from_be_bytes(part),
        }))
    }
}

/// What holds for every page of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) order: Order,
    pub(crate) page_size: usize,
    /// Number of pages, the metadata page included; no page number is higher.
    pub(crate) pages: u32,
}

/// One page, read whole.
pub(crate) struct Page {
    bytes: Vec<u8>,
    order: Order,
}

const DAMAGED: Error = Error::Format("damaged page");

impl Page {
    pub(crate) fn kind(&self) -> u8 {
        self.bytes.get(TYPE).copied().unwrap_or_default()
    }

    pub(crate) fn items(&self) -> usize {
        self.order.u16(&self.bytes, ITEMS).unwrap_or_default()
    }

    pub(crate) fn next(&self) -> u32 {
        self.order.u32(&self.bytes, NEXT).unwrap_or_default()
    }

    pub(crate) fn size(&self) -> usize {
        self.bytes.len()
    }

    /// The offset of item `index` as the page states it.
    pub(crate) fn item_offset(&self, index: usize) -> Result<usize, Error> {
        self.u16(HEADER + 2 * index)
    }

    pub(crate) fn u16(&self, offset: usize) -> Result<usize, Error> {
        self.order.u16(&self.bytes, offset).ok_or(DAMAGED)
    }

    pub(crate) fn u32(&self, offset: usize) -> Result<u32, Error> {
        self.order.u32(&self.bytes, offset).ok_or(DAMAGED)
    }

    pub(crate) fn byte(&self, offset: usize) -> Result<u8, Error> {
        self.bytes.get(offset).copied().ok_or(DAMAGED)
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> Result<&[u8], Error> {
        self.bytes.get(start..end).ok_or(DAMAGED)
    }
}

/// An item: on its page, or a reference to overflow pages or to a tree of values.
pub(crate) enum Item<'p> {
    Here(&'p [u8]),
    Overflow { first: u32, length: u32 },
    Tree { root: u32 },
}

const NOT_DATA: Error = Error::Format("a tree of values where a key should be");

/// One request: reads pages and counts them.
pub(crate) struct Walk<'s, S: Source> {
    source: &'s S,
    shape: Shape,
    pages_left: u64,
    bytes_left: u64,
}

impl<'s, S: Source> Walk<'s, S> {
    /// A request on an undamaged file needs every page once at most.
    pub(crate) fn new(source: &'s S, shape: Shape) -> Self {
        let pages_left = u64::from(shape.pages) * 2 + 16;
        Self {
            source,
            shape,
            pages_left,
            bytes_left: pages_left * shape.page_size as u64,
        }
    }

    /// Reads page `number`; page 0, the metadata, is nobody's neighbour.
    pub(crate) fn page(&mut self, number: u32) -> Result<Page, Error> {
        if number == 0 || number >= self.shape.pages {
            return Err(Error::Format("page number out of range"));
        }
        self.pages_left = self
            .pages_left
            .checked_sub(1)
            .ok_or(Error::Format("pages are linked in a circle"))?;
        let mut bytes = vec![0; self.shape.page_size];
        self.source
            .read_exact_at(&mut bytes, u64::from(number) * self.shape.page_size as u64)?;
        Ok(Page {
            bytes,
            order: self.shape.order,
        })
    }

    /// The bytes of an item.
    pub(crate) fn load(&mut self, item: &Item<'_>) -> Result<Vec<u8>, Error> {
        let length = match item {
            Item::Here(bytes) => bytes.len() as u64,
            Item::Overflow { length, .. } => u64::from(*length),
            Item::Tree { .. } => return Err(NOT_DATA),
        };
        // Items of an undamaged page do not overlap, so all of them are no longer than the file.
        self.bytes_left = self
            .bytes_left
            .checked_sub(length)
            .ok_or(Error::Format("items overlap"))?;
        match item {
            Item::Here(bytes) => Ok(bytes.to_vec()),
            Item::Overflow { first, length } => self.overflow(*first, *length as usize),
            Item::Tree { .. } => Err(NOT_DATA),
        }
    }

    /// Whether an item equals `wanted`; overflow pages are read only if the length is the same.
    pub(crate) fn equals(&mut self, item: &Item<'_>, wanted: &[u8]) -> Result<bool, Error> {
        match item {
            Item::Here(bytes) => Ok(*bytes == wanted),
            Item::Overflow { length, .. } if *length as usize != wanted.len() => Ok(false),
            Item::Overflow { .. } | Item::Tree { .. } => Ok(self.load(item)? == wanted),
        }
    }

    fn overflow(&mut self, first: u32, length: usize) -> Result<Vec<u8>, Error> {
        let mut data = Vec::new();
        let mut number = first;
        while data.len() < length {
            let page = self.page(number)?;
            if page.kind() != TYPE_OVERFLOW {
                return Err(Error::Format("not an overflow page"));
            }
            let here = page.u16(LOWEST)?;
            if here == 0 || here > length - data.len() {
                return Err(Error::Format("damaged overflow page"));
            }
            data.extend_from_slice(page.slice(HEADER, HEADER + here)?);
            number = page.next();
        }
        Ok(data)
    }
}
