// SPDX-License-Identifier: MIT OR Apache-2.0
//! An open file: recognises its kind, answers keys, lists entries.
//!
//! The metadata is read anew for every request, so that a file which another program updates in
//! place (under a lock, which is the caller's matter) is seen as it is now.

use std::cell::Cell;
use std::fs::File;

use crate::format::{
    BTREE_MAGIC, HASH_MAGIC, META_BITS, META_ENCRYPTION, META_LAST_PAGE, META_LENGTH, META_MAGIC,
    META_PAGE_SIZE, META_TYPE, META_VERSION, TYPE_BTREE_LEAF, TYPE_BTREE_META, TYPE_HASH_META,
};
use crate::hash::Buckets;
use crate::page::{Order, Page, Shape, Source, Walk};
use crate::{Entry, Error, Kind, btree, hash};

/// An open Berkeley DB file.
#[derive(Debug)]
pub struct Reader<S = File> {
    source: S,
    kind: Kind,
    /// The length of the file when it was last asked for: files only grow.
    length: Cell<u64>,
}

enum Method {
    Hash(Buckets),
    Btree { root: u32 },
}

impl<S: Source> Reader<S> {
    /// Recognises the file by its first page.
    pub fn open(source: S) -> Result<Self, Error> {
        let length = Cell::new(0);
        let kind = match metadata(&source, &length)?.1 {
            Method::Hash(_) => Kind::Hash,
            Method::Btree { .. } => Kind::Btree,
        };
        Ok(Self {
            source,
            kind,
            length,
        })
    }

    /// The access method of the file.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The file itself, for locks and status.
    pub fn source(&self) -> &S {
        &self.source
    }

    /// The value stored for `key`.
    pub fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        let (shape, method) = metadata(&self.source, &self.length)?;
        let mut walk = Walk::new(&self.source, shape);
        match method {
            Method::Hash(buckets) => hash::find(&buckets, &mut walk, key),
            Method::Btree { root } => btree::find(root, &mut walk, key),
        }
    }

    /// All entries: in key order for btree files, in bucket order for hash files. A key that has
    /// several values comes with the first of them.
    pub fn entries(&self) -> Result<Entries<'_, S>, Error> {
        let (shape, method) = metadata(&self.source, &self.length)?;
        let mut walk = Walk::new(&self.source, shape);
        let position = match method {
            Method::Hash(buckets) => Position::Bucket {
                buckets,
                bucket: 0,
                page: None,
            },
            Method::Btree { root } => Position::Leaf(btree::leftmost(root, &mut walk)?),
        };
        Ok(Entries {
            walk,
            position,
            ready: Vec::new().into_iter(),
        })
    }
}

/// Reads and checks page 0.
fn metadata<S: Source>(source: &S, length: &Cell<u64>) -> Result<(Shape, Method), Error> {
    const SHORT: Error = Error::Format("file is too short");
    let mut meta = [0; META_LENGTH];
    source.read_exact_at(&mut meta, 0)?;
    let order = [Order::Little, Order::Big]
        .into_iter()
        .find(|order| matches!(order.u32(&meta, META_MAGIC), Some(HASH_MAGIC | BTREE_MAGIC)))
        .ok_or(Error::Format("unrecognized file format"))?;
    let version = order.u32(&meta, META_VERSION).ok_or(SHORT)?;
    let page_size = order.u32(&meta, META_PAGE_SIZE).ok_or(SHORT)? as usize;
    if !page_size.is_power_of_two() || !(512..=65536).contains(&page_size) {
        return Err(Error::Format("invalid page size"));
    }
    if meta[META_ENCRYPTION] != 0 || meta[META_BITS] != 0 {
        return Err(Error::Format(
            "encryption, checksums and partitions are not supported",
        ));
    }
    let last = order.u32(&meta, META_LAST_PAGE).ok_or(SHORT)?;
    // A damaged count must not raise the limits of a request.
    let mut pages = u64::from(last) + 1;
    if pages * page_size as u64 > length.get() {
        length.set(source.length()?);
        pages = pages.min(length.get() / page_size as u64);
    }
    let pages = u32::try_from(pages).map_err(|_| Error::Format("file is too long"))?;
    let shape = Shape {
        order,
        page_size,
        pages,
    };
    let method = match (order.u32(&meta, META_MAGIC), meta[META_TYPE], version) {
        (Some(HASH_MAGIC), TYPE_HASH_META, 8..=10) => {
            Method::Hash(Buckets::parse(&meta, order, pages)?)
        }
        (Some(BTREE_MAGIC), TYPE_BTREE_META, 9..=10) => Method::Btree {
            root: btree::root(&meta, order)?,
        },
        _ => return Err(Error::Format("unsupported version of the file format")),
    };
    Ok((shape, method))
}

enum Position {
    Bucket {
        buckets: Buckets,
        bucket: u32,
        page: Option<u32>,
    },
    Leaf(u32),
    End,
}

/// The entries of a file, one by one. After an error there are no more.
pub struct Entries<'r, S: Source = File> {
    walk: Walk<'r, S>,
    position: Position,
    ready: std::vec::IntoIter<Entry>,
}

impl<S: Source> Iterator for Entries<'_, S> {
    type Item = Result<Entry, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.ready.next() {
                return Some(Ok(entry));
            }
            if matches!(self.position, Position::End) {
                return None;
            }
            match self.next_page() {
                Ok(entries) => self.ready = entries.into_iter(),
                Err(error) => {
                    self.position = Position::End;
                    return Some(Err(error));
                }
            }
        }
    }
}

impl<S: Source> Entries<'_, S> {
    /// Loads one page and moves on to the next.
    fn next_page(&mut self) -> Result<Vec<Entry>, Error> {
        match &mut self.position {
            Position::End => Ok(Vec::new()),
            Position::Leaf(number) => {
                let page = self.walk.page(*number)?;
                if page.kind() != TYPE_BTREE_LEAF {
                    return Err(Error::Format("not a btree page"));
                }
                match page.next() {
                    0 => self.position = Position::End,
                    next => *number = next,
                }
                leaf_entries(&mut self.walk, &page)
            }
            Position::Bucket {
                buckets,
                bucket,
                page,
            } => {
                let number = match page {
                    Some(number) => *number,
                    None => buckets.page_of(*bucket)?,
                };
                let loaded = self.walk.page(number)?;
                hash::check(&loaded)?;
                match loaded.next() {
                    0 if *bucket >= buckets.highest() => self.position = Position::End,
                    0 => {
                        *bucket += 1;
                        *page = None;
                    }
                    next => *page = Some(next),
                }
                bucket_entries(&mut self.walk, &loaded)
            }
        }
    }
}

fn leaf_entries<S: Source>(walk: &mut Walk<'_, S>, page: &Page) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    let mut listed = None;
    for index in (0..page.items() & !1).step_by(2) {
        let place = page.item_offset(index)?;
        // Further values of a key share its item.
        if listed == Some(place) {
            continue;
        }
        if let Some(key) = btree::leaf_item(page, index)?
            && let Some(value) = btree::pair_value(walk, page, index)?
        {
            listed = Some(place);
            entries.push((walk.load(&key)?, value));
        }
    }
    Ok(entries)
}

fn bucket_entries<S: Source>(walk: &mut Walk<'_, S>, page: &Page) -> Result<Vec<Entry>, Error> {
    let mut entries = Vec::new();
    for index in (0..page.items()).step_by(2) {
        if let Some(value) = hash::pair_value(walk, page, index)? {
            entries.push((walk.load(&hash::item(page, index)?)?, value));
        }
    }
    Ok(entries)
}
