// SPDX-License-Identifier: MIT OR Apache-2.0
//! Ownership, permissions and leftovers: what an attacker or an accident would use.
//!
//! *Invariants:* nothing is changed here. Files of other users in the maildrop directory are not
//! looked at: it is the least trusted one.
//!
//! *Postfix:* postfix-script check-warn.

use std::io::Read;
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::tree::{entries, walk};
use crate::instance::Instance;

/// Queue directories all of whose content belongs to `mail_owner`.
const OWNED: [&str; 12] = [
    "active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private",
    "public", "saved", "trace",
];

/// Copies of system directories that a chrooted service may need.
const JAIL: [&str; 5] = ["bin", "etc", "lib", "sbin", "usr"];

/// Commands without whose set-gid bit users cannot post mail or see the queue.
const SET_GID_COMMANDS: [&str; 2] = ["postqueue", "postdrop"];

/// Bits that let others than the owner write.
const WRITABLE: u32 = 0o022;

/// All findings, each a line of the log.
pub(super) fn all(instance: &Instance) -> Vec<String> {
    let mut findings = Findings {
        instance,
        list: Vec::new(),
    };
    findings.root_directories();
    findings.root_trees();
    findings.data_directory();
    findings.queue_directories();
    findings.set_gid();
    findings.jail();
    findings.damaged_messages();
    findings.other_sendmail();
    findings.list
}

struct Findings<'a> {
    instance: &'a Instance,
    list: Vec<String>,
}

impl Findings<'_> {
    fn add(&mut self, what: &str, path: &Path) {
        self.list.push(format!("{what}: {}", path.display()));
    }

    /// Whether this is root; in a mail system of an ordinary user, that user is as good.
    fn is_root(&self, uid: u32) -> bool {
        uid == 0 || (self.instance.is_rootless() && uid == self.instance.identity.owner_uid)
    }

    fn root_directories(&mut self) {
        let queue = &self.instance.params.queue_directory;
        let directories = [queue.join("."), queue.join("pid")];
        for path in &directories {
            if let Ok(metadata) = path.metadata()
                && !self.is_root(metadata.uid())
            {
                self.add("not owned by root", path);
            }
        }
        for path in &directories {
            if path
                .metadata()
                .is_ok_and(|metadata| metadata.mode() & WRITABLE != 0)
            {
                self.add("group or other writable", path);
            }
        }
    }

    /// Programs and configuration.
    fn root_trees(&mut self) {
        let params = &self.instance.params;
        let mut trees = vec![self.instance.config_directory.join(".")];
        if self.instance.owns_shared_files() {
            trees.push(params.daemon_directory.join("."));
            trees.push(params.meta_directory.join("."));
            if params.shlib_directory != Path::new("no") {
                trees.push(params.shlib_directory.join("."));
            }
        }
        trees.sort();
        trees.dedup();
        let (mut strangers, mut writable) = (Vec::new(), Vec::new());
        for tree in &trees {
            walk(tree, &mut |path, metadata| {
                if !self.is_root(metadata.uid()) {
                    strangers.push(path.to_owned());
                }
                // Of a link, what it leads to counts.
                if path
                    .metadata()
                    .is_ok_and(|target| target.mode() & WRITABLE != 0)
                {
                    writable.push(path.to_owned());
                }
            });
        }
        strangers
            .iter()
            .for_each(|path| self.add("not owned by root", path));
        writable
            .iter()
            .for_each(|path| self.add("group or other writable", path));
    }

    fn data_directory(&mut self) {
        let (mut strangers, mut writable) = (Vec::new(), Vec::new());
        let owner = self.instance.identity.owner_uid;
        walk(
            &self.instance.params.data_directory.join("."),
            &mut |path, metadata| {
                if metadata.uid() != owner {
                    strangers.push(path.to_owned());
                }
                if !metadata.is_symlink() && metadata.mode() & WRITABLE != 0 {
                    writable.push(path.to_owned());
                }
            },
        );
        let what = self.not_owned_by_mail_owner();
        strangers.iter().for_each(|path| self.add(&what, path));
        writable
            .iter()
            .for_each(|path| self.add("group or other writable", path));
    }

    fn queue_directories(&mut self) {
        let queue = &self.instance.params.queue_directory;
        let owner = self.instance.identity.owner_uid;
        let mut strangers = Vec::new();
        for name in OWNED {
            walk(&queue.join(name), &mut |path, metadata| {
                let kind = metadata.file_type();
                if !kind.is_fifo() && !kind.is_socket() && metadata.uid() != owner {
                    strangers.push(path.to_owned());
                }
            });
        }
        let maildrop = queue.join("maildrop");
        if maildrop
            .symlink_metadata()
            .is_ok_and(|metadata| metadata.uid() != owner)
        {
            strangers.push(maildrop);
        }
        let what = self.not_owned_by_mail_owner();
        strangers.iter().for_each(|path| self.add(&what, path));
    }

    fn not_owned_by_mail_owner(&self) -> String {
        format!("not owned by {}", self.instance.params.mail_owner)
    }

    fn set_gid(&mut self) {
        let params = &self.instance.params;
        let queue = &params.queue_directory;
        let has_commands = self.instance.owns_shared_files() && !self.instance.is_rootless();
        let commands: Vec<PathBuf> = SET_GID_COMMANDS
            .iter()
            .filter(|_| has_commands)
            .map(|name| params.command_directory.join(name))
            .collect();
        let directories = [queue.join("public"), queue.join("maildrop")];
        let what = format!("not owned by group {}", params.setgid_group);
        for path in commands.iter().chain(&directories) {
            let group = path.metadata().map(|metadata| metadata.gid());
            if group.is_ok_and(|gid| gid != self.instance.identity.setgid_gid) {
                self.add(&what, path);
            }
        }
        for path in &commands {
            let mode = path
                .metadata()
                .map(|metadata| metadata.permissions().mode());
            if mode.is_ok_and(|mode| mode & 0o2111 != 0o2111) {
                self.add("not set-gid or not owner+group+world executable", path);
            }
        }
    }

    /// Copies for chrooted services: whose they are, and whether they are still up to date.
    fn jail(&mut self) {
        let queue = self.instance.params.queue_directory.clone();
        for name in JAIL {
            let (mut strangers, mut files) = (Vec::new(), Vec::new());
            walk(&queue.join(name), &mut |path, metadata| {
                if !self.is_root(metadata.uid()) {
                    strangers.push(path.to_owned());
                }
                if metadata.is_file() {
                    files.push(path.to_owned());
                }
            });
            strangers
                .iter()
                .for_each(|path| self.add("not owned by root", path));
            for copy in files {
                let Ok(relative) = copy.strip_prefix(&queue) else {
                    continue;
                };
                let original = Path::new("/").join(relative);
                if original.is_file() && !is_same(&copy, &original) {
                    let (copy, original) = (copy.display(), original.display());
                    self.list.push(format!("{copy} and {original} differ"));
                }
            }
        }
    }

    fn damaged_messages(&mut self) {
        let corrupt = self.instance.params.queue_directory.join("corrupt");
        for path in entries(&corrupt).iter().filter(|path| path.is_file()) {
            let name = path.file_name().unwrap_or_default();
            self.add("damaged message", &Path::new("corrupt").join(name));
        }
    }

    /// Another mail system's sendmail, which programs might find first.
    fn other_sendmail(&mut self) {
        let (one, other) = (
            Path::new("/usr/sbin/sendmail"),
            Path::new("/usr/lib/sendmail"),
        );
        if self.instance.owns_shared_files()
            && !self.instance.is_rootless()
            && one.is_file()
            && other.is_file()
            && !is_same(one, other)
        {
            self.list
                .push("/usr/lib/sendmail and /usr/sbin/sendmail differ".to_owned());
            self.list
                .push("Replace one by a symbolic link to the other".to_owned());
        }
    }
}

/// Whether two files have the same content.
fn is_same(one: &Path, other: &Path) -> bool {
    let open = |path| std::fs::File::open(path).map(std::io::BufReader::new);
    let (Ok(mut one), Ok(mut other)) = (open(one), open(other)) else {
        return false;
    };
    let (mut left, mut right) = ([0; 8192], [0; 8192]);
    loop {
        let (Ok(count), Ok(same)) = (fill(&mut one, &mut left), fill(&mut other, &mut right))
        else {
            return false;
        };
        if left.get(..count) != right.get(..same) {
            return false;
        }
        if count == 0 {
            return true;
        }
    }
}

/// Reads until the buffer is full or the file ends.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while let Some(space) = buffer.get_mut(filled..).filter(|space| !space.is_empty()) {
        match file.read(space)? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}
