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
    /// The directory of the commands that administrators use: postfix(1), postconf(1), postmap(1)
    /// and others.
    command_directory: Path = COMMAND, at_least 1;
    /// The version whose defaults this configuration was written for.
    ///
    /// When a new version changes a default, a configuration with a lower level keeps the old one,
    /// and each use that makes a difference is logged as `using backwards-compatible default
    /// setting`. Set the parameter to the old value if that is what you want, then raise the level,
    /// which switches the safety net off:
    ///
    /// ```text
    /// postconf compatibility_level=3.12
    /// postfix reload
    /// ```
    ///
    /// Up to 3.5 levels are the whole numbers 0, 1 and 2; from 3.6 on they are versions. Defaults
    /// test it with the operators `<level`, `<=level`, `>level`, `>=level`, `==level` and
    /// `!=level`. The level in the `main.cf` of a new installation is the current one.
    compatibility_level: Text = "0", since "3.0";
    /// The directory of `main.cf` and `master.cf`.
    ///
    /// It cannot be set in `main.cf` to any effect: the option `-c` and the environment variable
    /// `MAIL_CONFIG` choose it. Programs with set-gid rights accept, from others than root, only
    /// the default and the directories in `alternate_config_directories` and
    /// `multi_instance_directories`.
    config_directory: Path = CONFIG;
    /// The directory of the daemons that master(8) starts.
    ///
    /// It must belong to root.
    daemon_directory: Path = DAEMON, at_least 1;
    /// The directory of files that daemons write for themselves: caches, random seeds, the lock of
    /// master(8).
    ///
    /// It belongs to `mail_owner`, and nobody else may write there. Instances must not share it.
    data_directory: Path = DATA, at_least 1, since "2.5";
    /// Where the documentation in HTML is installed; `no` for nowhere.
    html_directory: Text = "no", at_least 1;
    /// The account that owns the queue and that most daemons run as.
    ///
    /// It must be used for nothing else: its user id and group id must be shared with no other
    /// account. The name is used, not the number.
    mail_owner: Text = MAIL_OWNER, at_least 1;
    /// The full name of the mailq(1) command.
    mailq_path: Text = MAILQ, at_least 1;
    /// Where the manual pages are installed.
    manpage_directory: Text = MANPAGE, at_least 1;
    /// The directory of files about the installation itself, such as `postfix-files`.
    meta_directory: Path = META, at_least 1, since "3.0";
    /// The full name of the newaliases(1) command.
    newaliases_path: Text = NEWALIASES, at_least 1;
    /// The name of the openssl command that `postfix tls` uses.
    ///
    /// The value is always taken from the default instance.
    openssl_path: Text = "openssl", at_least 1, since "3.1";
    /// The directory of the queue and of the sockets of services; the root directory of chrooted
    /// services.
    ///
    /// `postfix start` creates what is below it. Instances must not share it, and it must lie on
    /// one file system, on a disk whose writes survive a crash.
    queue_directory: Path = QUEUE, at_least 1;
    /// Where the README files are installed; `no` for nowhere.
    readme_directory: Text = "no", at_least 1;
    /// Where example configuration files were installed before version 2.1.
    sample_directory: Text = "/etc/postfix", at_least 1;
    /// The full name of the sendmail(1) command.
    sendmail_path: Text = SENDMAIL, at_least 1;
    /// The group of the commands that submit mail and ask the queue: postdrop(1), postqueue(1) and
    /// postlog(1).
    ///
    /// It must be used for nothing else, and must not be the group of `mail_owner`.
    setgid_group: Text = SETGID_GROUP, at_least 1;
    /// Where shared libraries and plug-ins are installed; `no` if there are none.
    ///
    /// Posthorn's programs contain all they need.
    shlib_directory: Path = "no", at_least 1, since "3.0";
}
