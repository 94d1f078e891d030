// SPDX-License-Identifier: MIT OR Apache-2.0
//! What local delivery makes of .forward files, lists, commands and files: log lines, files and
//! their owners.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use kit::{Instance, observe};

use crate::accepted;
use crate::compare::same;

pub(crate) const QUIET: &str = "smtpd_peername_lookup = no\nsmtpd_error_sleep_time = 0\n";
const ALICE: u32 = 1951;
pub(crate) const HOME: &str = "/home/alice";

/// The home directory is one for all tests.
static HOME_IN_USE: Mutex<()> = Mutex::new(());

/// A home directory with nothing but these files, all of one user.
pub(crate) fn home(files: &[(&str, &str, u32)]) -> MutexGuard<'static, ()> {
    let guard = HOME_IN_USE.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = fs::remove_dir_all(HOME);
    fs::create_dir_all(HOME).expect("home");
    chown(HOME, Some(ALICE), Some(ALICE)).expect("chown");
    for (name, text, mode) in files {
        let path = Path::new(HOME).join(name);
        fs::write(&path, text).expect("file");
        fs::set_permissions(&path, fs::Permissions::from_mode(*mode)).expect("mode");
        chown(&path, Some(ALICE), Some(ALICE)).expect("chown");
    }
    guard
}

/// Sends to each recipient in turn; the log, and what is in the home directory then.
pub(crate) fn outcomes(instance: &Instance, recipients: &[&str]) -> Vec<String> {
    for to in recipients {
        instance.deliver("", &[to], "Subject: x\n\nFrom here\nbody\n");
        instance.settled_log();
    }
    let mut seen = observe::log(&instance.settled_log());
    // The words of notices to people are our own, and so is their size.
    seen.retain(|line| !line.contains("from=<>, size="));
    seen.extend(files_in(Path::new(HOME)));
    seen
}

fn files_in(directory: &Path) -> Vec<String> {
    let mut seen = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(directory)
        .expect("directory")
        .map(|entry| entry.expect("entry").path())
        .collect();
    entries.sort();
    for path in entries {
        let metadata = fs::symlink_metadata(&path).expect("file");
        if metadata.is_dir() {
            seen.extend(files_in(&path));
            continue;
        }
        let parent = directory.display();
        let name = match directory.file_name().and_then(|name| name.to_str()) {
            // The name of a message in a maildir tells the time.
            Some("new") => "MESSAGE".into(),
            _ => path
                .file_name()
                .expect("name")
                .to_string_lossy()
                .into_owned(),
        };
        seen.push(format!(
            "{parent}/{name} {:o} {}",
            metadata.mode(),
            metadata.uid()
        ));
        let text = fs::read(&path).expect("text");
        seen.extend(String::from_utf8_lossy(&text).lines().filter_map(undated));
    }
    seen
}

fn undated(line: &str) -> Option<String> {
    let dated = ["From ", "Date: ", "\tid ", "\tby ", "Message-Id: <"];
    let keep = !dated.iter().any(|start| line.starts_with(start)) && !line.contains("+0000");
    keep.then(|| observe::stable(line))
}

#[test]
fn forward_files_lead_to_users_files_and_commands() {
    same(
        |setup| setup.main(QUIET).main("recipient_delimiter = +"),
        &[],
        |instance| {
            let forward =
                "# where it goes\nbob@mail.example.test\n~/box\n\"|cat >~/copy\"\n\\alice\n";
            let _home = home(&[
                (".forward", forward, 0o600),
                (".forward+x", "~/x-box\n", 0o644),
            ]);
            outcomes(instance, &["alice", "alice+x", "alice+other"])
        },
    );
}

#[test]
fn forward_files_of_no_account_leave_mail_to_the_mailbox() {
    same(
        |setup| setup.main(QUIET).main("home_mailbox = Maildir/"),
        &[],
        |instance| {
            let _home = home(&[(".forward", "bob\n", 0o666)]);
            outcomes(instance, &["alice"])
        },
    );
}

#[test]
fn commands_are_told_about_the_message() {
    let command = "mailbox_command = env | grep -v -e ^PWD -e ^ENVID -e ^LANG -e ^_ | sort >~/out; cat >>~/out\n";
    same(
        |setup| {
            setup
                .main(QUIET)
                .main("recipient_delimiter = +")
                .main(command)
        },
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["\"alice+a;b\"@mail.example.test"])
        },
    );
}

#[test]
fn commands_end_in_many_ways() {
    let aliases = "again: \"|exit 75\"\nunknown: \"|echo so; exit 67\"\ncode: \"|echo 5.7.9 no; exit 1\"\n\
        other: \"|exit 3\"\nmissing: |/nonexistent/command\nfine: \"|exit 0\"\nfile: /nonexistent/file\n\
        nowhere: \":include:/nonexistent\"\nloop: loop2\nloop2: loop3\nloop3: loop\n";
    same(
        |setup| {
            setup
                .main(QUIET)
                .main("maximal_queue_lifetime = 0")
                .aliases(aliases)
        },
        &[accepted::NESTING_COMES_FIRST],
        |instance| {
            let _home = home(&[]);
            let mut seen = outcomes(
                instance,
                &[
                    "unknown", "code", "other", "fine", "file", "nowhere", "loop",
                ],
            );
            seen.retain(|line| line.contains("relay=local"));
            seen
        },
    );
}

#[test]
fn unknown_users_go_where_luser_relay_says() {
    same(
        |setup| {
            setup
                .main(QUIET)
                .main("recipient_delimiter = +\nlocal_recipient_maps =\nluser_relay = alice+$user")
        },
        &[],
        |instance| {
            let _home = home(&[]);
            outcomes(instance, &["whoever+x"])
        },
    );
}
