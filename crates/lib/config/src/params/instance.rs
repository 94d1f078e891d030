// SPDX-License-Identifier: MIT OR Apache-2.0
//! Several instances on one host.

use crate::table::parameters;

parameters! {
    /// The configuration directories of the secondary instances that the primary instance manages.
    ///
    /// The order is that of starting; stopping goes backwards. Programs with set-gid rights accept
    /// these directories with `-c`.
    multi_instance_directories: List = "", since "2.6";
    /// Whether the instance manager starts this instance.
    ///
    /// A disabled one is only checked, and its queue is left alone. `postmulti -e enable` sets it.
    multi_instance_enable: Flag = "no", since "2.6";
    /// The group of this instance, by which postmulti(1) selects several.
    multi_instance_group: Text = "", since "2.6";
    /// The name of this instance, by which postmulti(1) selects it.
    ///
    /// It becomes the default of `syslog_name`, so it should begin with `postfix-`; such a name is
    /// required.
    multi_instance_name: Text = "", since "2.6";
    /// The command through which postfix(1) manages all instances at once.
    ///
    /// `${command_directory}/postmulti -p --` is the usual value. Empty, postfix(1) acts on the one
    /// instance it was called for.
    multi_instance_wrapper: Text = "", since "2.6";
    /// The postfix(1) commands that skip disabled instances.
    postmulti_control_commands: List = "reload flush", since "2.6";
    /// The postfix(1) commands that start an instance; a disabled one is checked instead.
    postmulti_start_commands: List = "start", since "2.6";
    /// The postfix(1) commands that stop an instance; they visit instances in the reverse order.
    postmulti_stop_commands: List = "stop abort drain quick-stop", since "2.6";
}
