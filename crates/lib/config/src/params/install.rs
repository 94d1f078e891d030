// SPDX-License-Identifier: MIT OR Apache-2.0
//! Where things are installed, and who owns them.

use crate::table::{built_in, parameters};

const COMMAND: &str = built_in(option_env!("POSTHORN_COMMAND_DIRECTORY"), "/usr/sbin");
const CONFIG: &str = built_in(option_env!("POSTHORN_CONFIG_DIRECTORY"), "/etc/postfix");
const DAEMON: &str = built_in(
    option_env!("POSTHORN_DAEMON_DIRECTORY"),
    "/usr/libexec/postfix",
);
const DATA: &str = built_in(option_env!("POSTHORN_DATA_DIRECTORY"), "/var/lib/postfix");
const MAIL_OWNER: &str = built_in(option_env!("POSTHORN_MAIL_OWNER"), "postfix");
const MAILQ: &str = built_in(option_env!("POSTHORN_MAILQ_PATH"), "/usr/bin/mailq");
const MANPAGE: &str = built_in(option_env!("POSTHORN_MANPAGE_DIRECTORY"), "/usr/local/man");
const META: &str = built_in(option_env!("POSTHORN_META_DIRECTORY"), "/etc/postfix");
const NEWALIASES: &str = built_in(
    option_env!("POSTHORN_NEWALIASES_PATH"),
    "/usr/bin/newaliases",
);
const QUEUE: &str = built_in(
    option_env!("POSTHORN_QUEUE_DIRECTORY"),
    "/var/spool/postfix",
);
const SENDMAIL: &str = built_in(option_env!("POSTHORN_SENDMAIL_PATH"), "/usr/sbin/sendmail");
const SETGID_GROUP: &str = built_in(option_env!("POSTHORN_SETGID_GROUP"), "postdrop");

parameters! {
    /// Where the administrative commands live.
    command_directory: Path = COMMAND, at_least 1;
    /// Major\[.minor\[.patch\]\]; built-in default 0, stock main.cf 3.12; defaults compare with
    /// \<level \<=level \>level \>=level ==level !=level operators; below the thresholds a
    /// historical default is used and logged.
    compatibility_level: Text = "0", since "3.0";
    /// Where main.cf and master.cf live; overridable by MAIL_CONFIG or -c (restricted for
    /// set-gid programs).
    config_directory: Path = CONFIG;
    /// Where the daemon programs live (root owned).
    daemon_directory: Path = DAEMON, at_least 1;
    /// `mail_owner`-writable state: caches, PRNG file, master.lock.
    data_directory: Path = DATA, at_least 1, since "2.5";
    /// Documentation location.
    html_directory: Text = "no", at_least 1;
    /// Unprivileged account of daemons and queue.
    mail_owner: Text = MAIL_OWNER, at_least 1;
    /// Mailq location.
    mailq_path: Text = MAILQ, at_least 1;
    /// Manual location.
    manpage_directory: Text = MANPAGE, at_least 1;
    /// Place of postfix-files, dynamicmaps.cf, \*.proto.
    meta_directory: Path = META, at_least 1, since "3.0";
    /// Newaliases location.
    newaliases_path: Text = NEWALIASES, at_least 1;
    /// Openssl program for `postfix tls`; always taken from the default instance.
    openssl_path: Text = "openssl", at_least 1, since "3.1";
    /// Queue root and chroot directory.
    queue_directory: Path = QUEUE, at_least 1;
    /// README location.
    readme_directory: Text = "no", at_least 1;
    /// Historic.
    sample_directory: Text = "/etc/postfix", at_least 1;
    /// Sendmail location.
    sendmail_path: Text = SENDMAIL, at_least 1;
    /// Group of postdrop/postqueue/postlog and of maildrop/public.
    setgid_group: Text = SETGID_GROUP, at_least 1;
    /// Shared libraries and default dir for plugins; `no` when static.
    shlib_directory: Path = "no", at_least 1, since "3.0";
}
