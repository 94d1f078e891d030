// SPDX-License-Identifier: MIT OR Apache-2.0
//! Delivery to local mailboxes, files and commands.

use crate::table::{built_in, parameters};

const DEFAULT_PRIVS: &str = built_in(option_env!("POSTHORN_DEFAULT_PRIVS"), "nobody");
const MAIL_SPOOL: &str = built_in(option_env!("POSTHORN_MAIL_SPOOL_DIRECTORY"), "/var/mail");

parameters! {
    /// The alias tables that newaliases(1) and `sendmail -bi` rebuild.
    ///
    /// It differs from `alias_maps`, which says what local(8) searches: that list may also name
    /// tables that are made elsewhere, such as NIS maps or databases. Only types that are built
    /// from a text file belong here.
    alias_database: Tables = "$default_database_type:/etc/aliases";
    /// The alias tables that local(8) searches.
    ///
    /// The key is the local part of the recipient, in lower case, whole and then without its
    /// address extension; the domain plays no role, since all domains of `mydestination` share
    /// their users. aliases(5) describes the file. Run newaliases(1) after each change of an
    /// indexed table.
    ///
    /// ```text
    /// alias_maps = hash:/etc/aliases, hash:/etc/postfix/lists
    /// ```
    ///
    /// The default contains `nis:mail.aliases` in builds of the original with NIS. Tables that
    /// substitute parts of the key, such as regexp tables with `$1`, are refused here, since a
    /// stranger would choose the text of a command.
    alias_maps: Tables = "$default_database_type:/etc/aliases";
    /// The places where `|command` is accepted as a target of local delivery.
    ///
    /// - `alias`: in aliases(5) tables.
    /// - `forward`: in .forward files.
    /// - `include`: in `:include:` files.
    ///
    /// A target in another place makes the delivery bounce.
    allow_mail_to_commands: List = "alias, forward";
    /// The places where `/file/name` is accepted as a target of local delivery; the words are those
    /// of `allow_mail_to_commands`.
    allow_mail_to_files: List = "alias, forward";
    /// Whether to tell the comsat service when mail has arrived in a local mailbox.
    ///
    /// The notice goes as a UDP datagram to this machine's `biff` port for users who said `biff y`.
    /// Few people still use it, and on a system with many users it costs for nothing: switch it off
    /// there.
    biff: Flag = "yes";
    /// The directory in which local(8) runs commands.
    ///
    /// Empty means the queue directory. These names are expanded for each delivery, by local(8) and
    /// not from `main.cf`; characters outside `execution_directory_expansion_filter` become an
    /// underscore:
    ///
    /// - `$user`: the recipient's account.
    /// - `$home`: its home directory.
    /// - `$shell`: its login shell.
    /// - `$recipient`: the full recipient address.
    /// - `$extension`: its address extension.
    /// - `$domain`: its domain.
    /// - `$local`: its whole local part.
    /// - `$recipient_delimiter`: the delimiter that was found, or the one configured.
    ///
    /// `${name?text}` and `${name:text}` work as in `main.cf`. When the directory cannot be
    /// entered, the mail waits.
    command_execution_directory: Raw = "", since "2.2";
    /// The characters that may come out of `$name` expansions in `mailbox_command` and in other
    /// commands of local(8).
    ///
    /// Every other character becomes an underscore, so that an address cannot smuggle anything into
    /// a shell command. Add characters only after thinking about that.
    command_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// How long a command of local(8) may run before it is killed and the mail waits.
    ///
    /// It is also the default of `transport_time_limit`, and so limits the commands of pipe(8) and
    /// spawn(8). A delivery that is running must also fit into `daemon_timeout`.
    command_time_limit: Time = "1000s", at_least 1;
    /// The account with whose rights local(8) writes files and runs commands when no user is
    /// responsible.
    ///
    /// That is the case for targets in alias tables that root owns, and for mail to root itself. An
    /// alias table that another user owns is served with that user's rights. Never name root or
    /// `mail_owner` here.
    default_privs: Text = DEFAULT_PRIVS, at_least 1;
    /// How often to try to lock a mailbox or a bounce log before giving up for now.
    ///
    /// Between attempts there is a pause of `deliver_lock_delay`.
    deliver_lock_attempts: Int = "20", at_least 1;
    /// The pause between attempts to lock a mailbox or a bounce log.
    deliver_lock_delay: Time = "1s", at_least 1;
    /// The characters that may come out of `$name` expansions in `command_execution_directory`;
    /// others become an underscore.
    execution_directory_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1, since "2.2";
    /// Whether the sender of mail to an alias `list` becomes what `owner-list` expands to, instead
    /// of the address `owner-list` itself.
    ///
    /// In either case errors reach the owner. `yes` hides the indirection from the world, and only
    /// makes sense where `owner-list` has one member.
    expand_owner_alias: Flag = "no";
    /// The transport to which local(8) gives recipients that it finds neither in `alias_maps` nor
    /// among the accounts.
    ///
    /// The value is `transport:nexthop` as in transport(5). It is consulted before `luser_relay`,
    /// and `fallback_transport_maps` before it. With such recipients `local_recipient_maps` must be
    /// empty or list them, otherwise smtpd(8) refuses them.
    fallback_transport: Service = "";
    /// Tables that give the `fallback_transport` for single recipients.
    ///
    /// The key is the local part of the recipient without its extension. Whoever is not found gets
    /// `fallback_transport`. Results of tables that substitute parts of the key are refused.
    fallback_transport_maps: Tables = "", since "2.3";
    /// The characters that may come out of `$name` expansions in `forward_path`; others become an
    /// underscore.
    forward_expansion_filter: Text =
        "1234567890!@%-_=+:,./abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", at_least 1;
    /// Where to look for a user's forwarding file; the first that exists is used.
    ///
    /// The names of `command_execution_directory` are expanded here too, with
    /// `forward_expansion_filter`. Files are read with the user's rights, and must belong to the
    /// user. An empty value turns the feature off.
    ///
    /// ```text
    /// forward_path = /var/forward/$user, $home/.forward
    /// ```
    forward_path: Raw = "$home/.forward${recipient_delimiter}${extension}, $home/.forward";
    /// Whether the `Delivered-To:` header keeps the address with which the delivery began.
    ///
    /// With `no` each alias or .forward expansion that changes the user also changes the address,
    /// as old versions did: then loops through several addresses are found later, and a mailing
    /// list manager may see a name it does not expect.
    frozen_delivered_to: Flag = "yes", since "2.3";
    /// The mailbox of a user, relative to the home directory.
    ///
    /// A name that ends in a slash makes it a maildir. Empty, mail goes below
    /// `mail_spool_directory`. It has no effect where `mailbox_command` or `mailbox_transport` is
    /// in force.
    ///
    /// ```text
    /// home_mailbox = Maildir/
    /// ```
    home_mailbox: Text = "";
    /// The shell that runs all commands of local(8), such as a restricted one.
    ///
    /// Empty, a command without shell characters or built-in words is run directly, and others by
    /// `/bin/sh`. The command is appended to the value as one last argument, so the value ends with
    /// the option that makes the shell take it: `/usr/local/bin/smrsh -c`.
    local_command_shell: Text = "";
    /// The `default_delivery_status_filter` of local(8).
    local_delivery_status_filter: Tables = "$default_delivery_status_filter", since "3.0";
    /// How many deliveries to the same local recipient may run at once.
    ///
    /// With a `local_destination_recipient_limit` above 1 it counts deliveries to the same domain
    /// instead. More than a few mainly fight for the mailbox lock.
    local_destination_concurrency_limit: Int = "2";
    /// How many recipients one request to local(8) may have.
    ///
    /// Leave it at 1: other values take away the protection that a user's slow or broken command
    /// affects that user alone.
    local_destination_recipient_limit: Int = "1";
    /// Where mail to unknown local users goes instead of bouncing.
    ///
    /// It is one address, and understands `$user`, `$recipient`, `$extension`, `$domain`, `$local`
    /// and `$recipient_delimiter` as `command_execution_directory` does. local(8) uses it for
    /// recipients that are no aliases and no accounts, after `fallback_transport`. smtpd(8) refuses
    /// such recipients earlier unless `local_recipient_maps` is empty.
    ///
    /// ```text
    /// luser_relay = $user@legacy.example.com
    /// local_recipient_maps =
    /// ```
    luser_relay: Raw = "";
    /// The directory of the mailboxes.
    ///
    /// A name that ends in a slash makes each mailbox a maildir; then the users' directories must
    /// exist, since users cannot create them here. `home_mailbox` replaces it.
    mail_spool_directory: Text = MAIL_SPOOL;
    /// The command that takes local mail instead of a mailbox.
    ///
    /// It runs as the recipient, in the home directory, or as `default_privs` for mail to root.
    /// `$name` from `main.cf` is not expanded; the facts stand in the environment, and a shell
    /// expands them if the command contains shell characters:
    ///
    /// - `SENDER`: the envelope sender, empty for bounces.
    /// - `RECIPIENT`: the full recipient address.
    /// - `LOCAL`: its local part.
    /// - `DOMAIN`: its domain.
    /// - `EXTENSION`: its address extension.
    /// - `USER`: the account; `LOGNAME` is the same.
    /// - `HOME`: its home directory.
    /// - `SHELL`: its login shell.
    /// - `ORIGINAL_RECIPIENT`: the address before rewriting and aliases.
    /// - `CLIENT_HOSTNAME`: the client that brought the mail; `CLIENT_ADDRESS`, `CLIENT_HELO`,
    ///   `CLIENT_PROTOCOL`, `SASL_METHOD`, `SASL_SENDER` and `SASL_USERNAME` tell more of it.
    ///
    /// Exit status 0 is delivery, 75 asks to try later, others bounce as the list of sysexits says.
    ///
    /// ```text
    /// mailbox_command = /usr/lib/dovecot/dovecot-lda -f "$SENDER" -a "$RECIPIENT"
    /// ```
    ///
    /// A command without quotes or other shell characters is cheaper, since no shell is needed. It
    /// has no effect for recipients with a `mailbox_transport` or an entry in
    /// `mailbox_command_maps`.
    mailbox_command: Raw = "";
    /// Tables that give single recipients a `mailbox_command` of their own.
    ///
    /// The key is the local part without its extension. Tables that substitute parts of the key are
    /// refused.
    mailbox_command_maps: Tables = "";
    /// How a mailbox file is locked before mail is appended.
    ///
    /// - `fcntl`: a lock of the kernel, which also works over NFS.
    /// - `flock`: the other lock of the kernel.
    /// - `dotlock`: a file with `.lock` added to its name.
    ///
    /// They are taken in the order given, with `deliver_lock_attempts` tries. All programs that
    /// write the mailboxes must agree on at least one. A `dotlock` that cannot be created for lack
    /// of permission is skipped where a kernel lock is also listed. Maildirs need no locks.
    /// `postconf -l` lists what there is.
    mailbox_delivery_lock: List = "fcntl, dotlock", at_least 1;
    /// The largest size of a mailbox file, or of any file that local(8) writes; 0 means no limit.
    ///
    /// It also limits the files that commands of local(8) write. It must not be smaller than
    /// `message_size_limit`; the programs refuse to start otherwise. In a maildir it limits a
    /// message, not the mailbox.
    mailbox_size_limit: Size = "51200000";
    /// The transport that takes local mail instead of a mailbox or a `mailbox_command`.
    ///
    /// The value is `transport:nexthop` as in transport(5). Aliases and .forward files come first;
    /// what is left goes to this transport, whether or not an account exists.
    /// `mailbox_transport_maps` comes before it. Where users have no accounts,
    /// `local_recipient_maps` must know them, or smtpd(8) refuses their mail.
    ///
    /// ```text
    /// mailbox_transport = lmtp:unix:private/dovecot-lmtp
    /// ```
    mailbox_transport: Service = "";
    /// Tables that give single recipients a `mailbox_transport` of their own.
    ///
    /// The key is the local part without its extension. Whoever is not found gets
    /// `mailbox_transport`. Tables that substitute parts of the key are refused.
    mailbox_transport_maps: Tables = "", since "2.3";
    /// Whether `owner-list` and `list-request` are names of their own kind.
    ///
    /// With `yes` such local parts are not split at a `recipient_delimiter` of `-`, and the sender
    /// of mail to the alias `list` becomes `owner-list` when that alias exists.
    owner_request_special: Flag = "yes";
    /// For which local deliveries a `Delivered-To:` header is written.
    ///
    /// - `command`: deliveries to a command.
    /// - `file`: deliveries to a file or mailbox.
    /// - `forward`: forwarding to another address.
    ///
    /// Without the header for `forward` a loop between systems ends only at `hopcount_limit`, since
    /// the header is how local(8) knows that it has seen the mail before.
    prepend_delivered_header: List = "command, file, forward";
    /// Whether mail waits while the recipient's home directory does not exist.
    ///
    /// It also waits when the directory cannot be searched with the rights of the user. Useful
    /// where home directories are mounted and may come late.
    require_home_directory: Flag = "no";
    /// Whether an alias inside a mailing list gets back the original sender when it has no owner of
    /// its own.
    ///
    /// Suppose that `list` has an owner, `owner-list`, and that a member of the list is another
    /// alias without owner. With `no`, mail to that alias keeps the owner of the list as its
    /// sender, and errors reach that owner. With `yes`, as versions before 2.8 did it, the sender
    /// is the original one again, and errors that the list is to blame for go to whoever wrote to
    /// it.
    reset_owner_alias: Flag = "no", since "2.8";
    /// How old a dotlock file may become before it is taken for a left-over and removed.
    stale_lock_time: Time = "500s", at_least 1;
    /// Whether mail waits when a mailbox file is not owned by its recipient.
    ///
    /// Such a file could be a trap laid by another user of a shared spool directory. Switch it off
    /// only where a mail store keeps all mailboxes under one account.
    strict_mailbox_ownership: Flag = "yes", since "2.5";
    /// Nothing any more: use `mailbox_delivery_lock`.
    ///
    /// `yes` used to select locking as the mailtool program of SunOS expected.
    sun_mailtool_compatibility: Flag = "no";
}
