// SPDX-License-Identifier: MIT OR Apache-2.0
//! The declaring macro and what a declaration becomes.
//!
//! A declaration is a doc comment and one line:
//!
//! ```text
//! /// How long the server waits for a request.
//! smtpd_timeout: Time = "${stress?{10}:{300}}s", at_least 1, since "2.0";
//! /// How long a connection attempt may take.
//! smtp_connect_timeout | lmtp_connect_timeout: Time = "30s" | "0s";
//! ```
//!
//! The second form declares twins: one Rust name, read under either prefix according to the
//! name that the program runs under.
//!
//! The doc comment is the parameter's entry in postconf(5); the head of [`crate::params`] says
//! how it is written. It is kept apart from the declarations, so that it is linked only into
//! programs that call [`crate::manual`].

use crate::value::ValueType;

/// How the text of a parameter is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "documented at the types of the same names in `value::kind`"
)]
pub enum Kind {
    Flag,
    Int,
    Size,
    Time,
    Text,
    Raw,
    List,
    Tables,
    Path,
    Service,
}

/// Whether a parameter should still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Yes.
    Current,
    /// An old name that other defaults refer to; the text is the name to use.
    Legacy(&'static str),
    /// It still works; the text says what to do instead.
    Deprecated(&'static str),
    /// Nothing reads it, but it is no mistake to set it; the text says why.
    Ignored(&'static str),
    /// Nothing reads it; the text says why.
    Removed(&'static str),
}

/// The declaration of one parameter.
#[derive(Debug)]
pub struct Spec {
    /// The exact name in `main.cf`.
    pub name: &'static str,
    /// How the text is to be understood.
    pub kind: Kind,
    /// The text in force when `main.cf` does not set the parameter, before expansion.
    pub default: &'static str,
    /// Lower bound of a number (a time: in seconds), or of the length of a text.
    pub least: Option<i64>,
    /// Upper bound of a number (a time: in seconds), or of the length of a text.
    pub most: Option<i64>,
    /// The Postfix release that introduced it, `""` for those before 2.1.
    pub since: &'static str,
    /// Whether it should still be used.
    pub standing: Standing,
}

impl Spec {
    /// A declaration without bounds.
    pub const fn new(name: &'static str, kind: Kind, default: &'static str) -> Spec {
        Spec {
            name,
            kind,
            default,
            least: None,
            most: None,
            since: "",
            standing: Standing::Current,
        }
    }
    /// Sets the name in `main.cf`, where it is no Rust identifier.
    pub const fn named(mut self, name: &'static str) -> Spec {
        self.name = name;
        self
    }
    /// Sets the lower bound.
    pub const fn at_least(mut self, bound: i64) -> Spec {
        self.least = Some(bound);
        self
    }
    /// Sets the upper bound.
    pub const fn at_most(mut self, bound: i64) -> Spec {
        self.most = Some(bound);
        self
    }
    /// Sets the release that introduced it.
    pub const fn since(mut self, release: &'static str) -> Spec {
        self.since = release;
        self
    }
    /// Marks it as the old name of a parameter, read where the new name is not set.
    pub const fn legacy(mut self, new_name: &'static str) -> Spec {
        self.standing = Standing::Legacy(new_name);
        self
    }
    /// Marks it as still read, but better replaced.
    pub const fn deprecated(mut self, instead: &'static str) -> Spec {
        self.standing = Standing::Deprecated(instead);
        self
    }
    /// Marks it as read by nothing, and left alone.
    pub const fn ignored(mut self, why: &'static str) -> Spec {
        self.standing = Standing::Ignored(why);
        self
    }
    /// Marks it as read by nothing.
    pub const fn removed(mut self, why: &'static str) -> Spec {
        self.standing = Standing::Removed(why);
        self
    }
}

/// A declared parameter. Implemented by the unit structs of [`crate::params`] only.
pub trait Parameter {
    /// The type of its value.
    type Type: ValueType;
    /// Its declaration.
    const SPEC: &'static Spec;
    /// The declaration under the `lmtp_` prefix, for parameters that exist under both.
    const LMTP: Option<&'static Spec> = None;
}

/// The Rust type of a parameter's value.
pub type ValueOf<P> = <<P as Parameter>::Type as ValueType>::Value;

/// Which of two twins a program reads: the SMTP client also runs as `lmtp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// `smtp_` parameters, and all that have no twin.
    Smtp,
    /// `lmtp_` parameters where they exist.
    Lmtp,
}

/// A default that whoever builds the system may have chosen.
pub(crate) const fn built_in(
    chosen: Option<&'static str>,
    otherwise: &'static str,
) -> &'static str {
    match chosen {
        Some(text) => text,
        None => otherwise,
    }
}

/// Declares parameters; see the head of this module.
macro_rules! parameters {
    ($(
        $(#[doc = $line:literal])*
        $name:ident $(| $lmtp:ident)? : $kind:ident = $default:tt $(| $lmtp_default:tt)?
        $(, $clause:ident $argument:literal)* ;
    )*) => {
        $(
            $(#[doc = $line])*
            #[expect(non_camel_case_types, reason = "the exact spelling of main.cf, for grep")]
            pub struct $name;
            impl $crate::table::Parameter for $name {
                type Type = $crate::value::kind::$kind;
                const SPEC: &'static $crate::table::Spec = &$crate::table::Spec::new(
                    stringify!($name), $crate::table::Kind::$kind, $default
                )$(.$clause($argument))*;
                const LMTP: Option<&'static $crate::table::Spec> = $crate::table::twin!(
                    [$($lmtp)?] [$($lmtp_default)?] $kind $default [$(.$clause($argument))*]
                );
            }
        )*
        /// All declarations of this area, in order.
        pub(crate) static SPECS: &[$crate::params::Declared] = &[
            $((<$name as $crate::table::Parameter>::SPEC, <$name as $crate::table::Parameter>::LMTP)),*
        ];
        /// What the manual says about them, in the same order.
        pub(crate) static PROSE: &[$crate::params::Prose] = &[$(&[$($line),*]),*];
    };
}
/// The declaration under the `lmtp_` prefix, where there is one.
macro_rules! twin {
    ([] [] $kind:ident $default:tt [$($clauses:tt)*]) => {
        None
    };
    ([$name:ident] [] $kind:ident $default:tt [$($clauses:tt)*]) => {
        $crate::table::twin!([$name] [$default] $kind $default [$($clauses)*])
    };
    ([$name:ident] [$lmtp_default:tt] $kind:ident $default:tt [$($clauses:tt)*]) => {
        Some(
            &$crate::table::Spec::new(
                stringify!($name),
                $crate::table::Kind::$kind,
                $lmtp_default,
            )$($clauses)*,
        )
    };
}
pub(crate) use {parameters, twin};
