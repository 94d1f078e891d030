// SPDX-License-Identifier: MIT OR Apache-2.0
//! The selecting macro: a program names what it reads, and gets a struct with typed fields.

/// Declares a struct whose fields are parameters.
///
/// A field is the name of a parameter, or `name: Set` for an embedded set made by the same
/// macro. The struct gets `load(&MainCf)` and `load_as(&MainCf, Prefix)`.
///
/// ```
/// config::select! {
///     /// What this program reads.
///     pub(crate) struct Params {
///         /// The name of this mail system.
///         myhostname,
///         smtpd_timeout,
///     }
/// }
/// ```
#[macro_export]
macro_rules! select {
    (
        $(#[$doc:meta])*
        $vis:vis struct $set:ident {
            $( $(#[$field_doc:meta])* $name:ident $(: $embedded:ty)? ),* $(,)?
        }
    ) => {
        $(#[$doc])*
        $vis struct $set {
            $(
                $(#[$field_doc])*
                #[doc = concat!("Parameter `", stringify!($name), "`.")]
                $vis $name: $crate::__selected!(type $name $(, $embedded)?),
            )*
        }
        impl $set {
            /// Reads, expands and checks every selected parameter.
            ///
            /// # Errors
            /// The first value that cannot be used.
            $vis fn load(main_cf: &$crate::MainCf) -> Result<Self, $crate::ConfigError> {
                Self::load_as(main_cf, $crate::Prefix::Smtp)
            }
            /// Like `load`, reading twins under the given prefix.
            ///
            /// # Errors
            /// The first value that cannot be used.
            $vis fn load_as(
                main_cf: &$crate::MainCf,
                prefix: $crate::Prefix,
            ) -> Result<Self, $crate::ConfigError> {
                Ok($set {
                    $( $name: $crate::__selected!(load main_cf, prefix, $name $(, $embedded)?)?, )*
                })
            }
        }
        // A set is loaded in one of the two ways, and both are there.
        const _: fn(&$crate::MainCf) -> Result<$set, $crate::ConfigError> = $set::load;
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __selected {
    (type $name:ident) => { $crate::table::ValueOf<$crate::params::$name> };
    (type $name:ident, $embedded:ty) => { $embedded };
    (load $main_cf:ident, $prefix:ident, $name:ident) => {
        $main_cf.load_as::<$crate::params::$name>($prefix)
    };
    (load $main_cf:ident, $prefix:ident, $name:ident, $embedded:ty) => {
        <$embedded>::load_as($main_cf, $prefix)
    };
}

#[cfg(test)]
mod tests {
    use crate::MainCf;
    use std::path::Path;
    use std::time::Duration;

    crate::select! {
        /// What the embedded part reads.
        struct Part { queue_run_delay }
    }
    crate::select! {
        /// What the tests read.
        struct Params { mail_owner, message_size_limit, part: Part }
    }

    #[test]
    fn a_set_has_typed_fields_and_embedded_sets() {
        let main_cf = MainCf::from_text(Path::new("/nowhere"), "message_size_limit = 5\n");
        let params = Params::load(&main_cf.expect("no syntax error")).expect("good values");
        assert_eq!(params.mail_owner, "postfix");
        assert_eq!(params.message_size_limit, 5);
        assert_eq!(params.part.queue_run_delay, Duration::from_secs(300));
    }
}
