// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every program reads, and what it can only read.

use crate::table::parameters;

parameters! {
    /// Whether a recipient's address may begin with `-`.
    ///
    /// Commands that get an address as an argument would take it for an option. It is checked when
    /// the recipient is resolved, after rewriting; set it in `main.cf`, and not for one service.
    allow_min_user: Flag = "no";
    /// Further configuration directories that ordinary users may choose.
    ///
    /// `sendmail -C`, `postdrop -c` and the like, and the variable `MAIL_CONFIG`, accept only these
    /// directories, and those of `multi_instance_directories`, from users other than root. Only the
    /// list in the default `main.cf` counts.
    alternate_config_directories: List = "";
    /// Whether queue files of finished mail are kept.
    ///
    /// With 1 the queue manager moves them to the queue directory `saved`. It is for debugging;
    /// nothing ever removes them.
    dont_remove: Int = "0";
    /// The environment of commands that the mail system runs for others.
    ///
    /// A list of names, and of `name=value` (in braces if the value has blanks). Names keep the
    /// value of the program's own environment; everything else is removed. It holds for commands of
    /// local(8), pipe(8), spawn(8) and others. Because of `MAIL_CONFIG`, such a command can send
    /// mail through the same configuration.
    ///
    /// ```text
    /// export_environment = TZ LANG MAIL_CONFIG PATH=/usr/bin:/bin
    /// ```
    export_environment: List = "TZ MAIL_CONFIG LANG";
    /// The environment that programs of the mail system take from whoever starts them.
    ///
    /// A list of names, and of `name=value`; everything else is removed by programs with
    /// privileges, and a `name=value` is set always.
    import_environment: List =
        "MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ XAUTHORITY DISPLAY LANG=C POSTLOG_SERVICE POSTLOG_HOSTNAME XDG_RUNTIME_DIR";
    /// The name of the mail system in the banner, `Received:` headers and returned mail.
    mail_name: Text = "Postfix", at_least 1;
    /// The date of the release whose behaviour this one has.
    ///
    /// It is part of the program. To set it changes nothing but what `$mail_release_date` stands
    /// for.
    mail_release_date: Text = "20260821";
    /// The version of the mail system.
    ///
    /// It begins with the release of Postfix whose behaviour this one has, and is part of the
    /// program. To set it changes nothing but what `$mail_version` stands for.
    mail_version: Text = "3.12-posthorn-0.1.0";
    /// The process that expands the value; for use as `$process_id` in other values.
    ///
    /// Setting it has no effect.
    process_id: Text = "";
    /// The directory below `queue_directory` that holds lock files with process ids.
    ///
    /// It cannot be changed.
    process_id_directory: Text = "pid", at_least 1;
    /// The name of the program that expands the value; for use as `$process_name` in other values.
    ///
    /// Setting it has no effect. `debugger_command` is where it is needed.
    process_name: Text = "";
    /// The name in `master.cf` of the service that expands the value; for use as `$service_name` in
    /// other values.
    ///
    /// Setting it has no effect.
    ///
    /// ```text
    /// # master.cf
    /// relay unix - - n - - smtp -o syslog_name=postfix/$service_name
    /// ```
    service_name: Text = "", since "3.3";
}
