// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every program reads, and what it can only read.

use crate::table::parameters;

parameters! {
    /// Accept addresses that begin with `-`; checked in trivial-rewrite while resolving the
    /// (possibly rewritten) recipient, so it must be set in main.cf, not per service.
    allow_min_user: Flag = "no";
    /// List of extra config directories that set-gid programs and -c / MAIL_CONFIG users may
    /// name; only honoured in the default main.cf.
    alternate_config_directories: List = "";
    /// Debugging: move finished queue files to `saved` instead of deleting.
    dont_remove: Int = "0";
    /// Names or name=value passed to non-Postfix child programs; everything else is removed.
    export_environment: List = "TZ MAIL_CONFIG LANG";
    /// Names or name=value kept from the parent environment by privileged programs; name=value
    /// always forced.
    import_environment: List =
        "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME XDG_RUNTIME_DIR";
    /// Product name in banner, Received:, bounces.
    mail_name: Text = "Postfix", at_least 1;
    /// Compile-time date, cannot be set.
    mail_release_date: Text = "20260821";
    /// Compile-time version, cannot be set usefully.
    mail_version: Text = "3.12-posthorn-0.1.0";
    /// Read-only macro: process id.
    process_id: Text = "";
    /// Pid directory below `queue_directory` (read-only).
    process_id_directory: Text = "pid", at_least 1;
    /// Read-only macro: program name.
    process_name: Text = "";
    /// Read-only macro: master.cf service name.
    service_name: Text = "", since "3.3";
}
