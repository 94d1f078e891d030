// SPDX-License-Identifier: MIT OR Apache-2.0
//! What every form expands to. The expected side was observed with Debian's postconf and smtpd.

use super::*;

fn value(text: &str) -> Result<String, String> {
    let mut lookup = |name: &str| match name {
        "a" => Some(Cow::Borrowed("A")),
        "b" => Some(Cow::Borrowed("")),
        "dollar" => Some(Cow::Borrowed("$a")),
        _ => None,
    };
    expand(text, &mut lookup).map_err(|error| error.to_string())
}

#[test]
fn names_and_choices() {
    for (text, expected) in [
        ("$a$$b$a", "A$bA"),
        ("$$$a", "$A"),
        ("$${a}", "${a}"),
        ("a$a.b", "aA.b"),
        ("$(a)", "A"),
        ("${ a }", "A"),
        ("$dollar", "$a"),
        ("[${undefined}]", "[]"),
        ("${a?yes}", "yes"),
        ("${a ? yes}", " yes"),
        ("${a?{y}:{n}}", "y"),
        ("${b?{y}:{n}}", "n"),
        ("${b?{y} : {n}}", "n"),
        ("${a? {y} : {n} }", "y"),
        ("${a:x}", ""),
        ("${b:x}", "x"),
        ("${a?{y}:n}", "y"),
        ("${a?y:n}", "y:n"),
        ("${a?{$a}}", "A"),
        ("[${a?}]", "[]"),
        ("[${a?{}}]", "[]"),
        ("[${a?{   x   y   }}]", "[   x   y   ]"),
        ("[${b?{   x   }:{  z  }}]", "[  z  ]"),
        ("[${b?{x}: y z }]", "[ y z ]"),
        ("[${b?x:{y}}]", "[]"),
        ("${a?x{y}z}", "x{y}z"),
        ("[$(a?(x))]", "[(x)]"),
        ("[$(b?{x}:{y})]", "[y]"),
        ("[${a?{x}:}]", "[x]"),
        ("[${b?{x}:}]", "[]"),
        ("[${a:}]", "[]"),
        ("x{y", "x{y"),
        ("}", "}"),
        ("${domain_to_ascii{$a.münchen}}", "A.xn--mnchen-3ya"),
    ] {
        assert_eq!(value(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn comparisons() {
    for (text, expected) in [
        ("${{1}<{2}?{y}:{n}}", "y"),
        ("${{1} < {2} ? {y} : {n}}", "y"),
        ("[${{1}<{2}}]", "[true]"),
        ("[${{2}<{1}}]", "[]"),
        ("[${{10}<{9}}]", "[]"),
        ("[${{a}<{b}?y}]", "[y]"),
        ("[${{a}=={a}:y}]", "[]"),
        ("${{$a} == {A}}", "true"),
        ("[${{ a }=={a}}]", "[]"),
        ("[${{ a }=={ a }}]", "[true]"),
        ("${{01}=={1}?{y}:{n}}", "y"),
        ("${{-1} < {1} ? {y}:{n}}", "y"),
        ("${{} < {1} ? {y}:{n}}", "y"),
        ("${{99999999999999999999} < {1} ? {y}:{n}}", "n"),
        ("${{3.6} <level {3.10} ? {y}:{n}}", "y"),
        ("${{3.6}==level{3.06}?y}", "y"),
        ("[${{3.6}=={3.06}?y}]", "[]"),
        ("${{1} <=level {1.0} ? {y}:{n}}", "y"),
        (
            "${{2}>level{1.9}?y}${{2}>=level{2}?y}${{2}!=level{1}?y}",
            "yyy",
        ),
    ] {
        assert_eq!(value(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn syntax_errors_mark_the_place() {
    for (text, expected) in [
        ("p$", "empty macro name: \"p$\""),
        ("$-q", "empty macro name: \"$-q\""),
        ("${}", "empty macro name: \"${}\""),
        ("x${a", "truncated macro reference: \"x${a\""),
        ("$(a}", "truncated macro reference: \"$(a}\""),
        ("${a?{y}{n}}", "\":\" expected at: \"...y}>>>{n}\""),
        ("${a?{x}:{y}z}", "unexpected input at: \"...y}>>>z\""),
        ("${b:{x}:{y}}", "unexpected input at: \"...x}>>>:{y}\""),
        ("${a.b}", "attribute name syntax error at: \"...a>>>.b\""),
        ("${!a}", "attribute name syntax error at: \"...>>>!a\""),
        ("${{a}==b}", "bad operator suffix at: \"...==>>>b\""),
        ("${{a}==}", "\"{expression}\" expected at: \"...{a} ==>>>\""),
        (
            "${{a}?{b}}",
            "\"==\" or \"!=\" or \"<\" or \"<=\" or \">=\" or \">\" expected at: \"...a}>>>?{b}\"",
        ),
        (
            "${{3.6} < level {3.10} ? {y}:{n}}",
            "\"{expression}\" expected at: \"...{3.6} <>>> level {3.10} ? {y}:\"",
        ),
        (
            "${{x} <level {3.10}}",
            "malformed compatibility level syntax: \"x\"",
        ),
        (
            "${nofunction{x}}",
            "attribute name syntax error at: \"...nofunction>>>{x}\"",
        ),
    ] {
        assert_eq!(value(text), Err(expected.to_string()), "{text}");
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let deep = format!("{}x{}", "${a?{".repeat(200), "}}".repeat(200));
    assert!(value(&deep).is_err_and(|why| why.starts_with("unreasonable macro call nesting")));
    let long = "y".repeat(RESULT_LIMIT / 2);
    let mut lookup = |_: &str| Some(Cow::Borrowed(long.as_str()));
    assert!(expand("$a$b", &mut lookup).is_ok());
    assert!(expand("$a$b$c", &mut lookup).is_err());
}

#[test]
fn values_can_be_texts_to_expand() {
    let expanded = |text: &str| {
        let mut lookup = |name: &str| {
            Ok(match name {
                "a" => Some(Cow::Borrowed("<$b>")),
                "b" => Some(Cow::Borrowed("${c?{$d}:{$$d}}")),
                "d" => Some(Cow::Borrowed("D")),
                "loop" => Some(Cow::Borrowed("$loop")),
                "empty" => Some(Cow::Borrowed("$c")),
                "two0" => Some(Cow::Borrowed("")),
                name => name.strip_prefix("two").map(|number| {
                    let next = number.parse::<u8>().unwrap_or(1) - 1;
                    Cow::Owned(format!("$two{next}$two{next}"))
                }),
            })
        };
        expand_recursively(text, &mut lookup).map_err(|error| error.to_string())
    };
    assert_eq!(expanded("$a ${empty?{x}:{y}}").as_deref(), Ok("<$d> y"));
    let nesting = |name: &str| Err(format!("unreasonable macro call nesting: \"{name}\""));
    assert_eq!(expanded("$loop"), nesting("loop"));
    assert!(expanded("$two12").is_ok());
    assert!(expanded("$two60").is_err(), "the work is bounded");
}

#[test]
fn references_are_found_at_any_depth() {
    let seen = |text| {
        let mut names = Vec::new();
        let result = each_reference(text, &mut |name| names.push(name.to_string()));
        (names.join(" "), result.is_ok())
    };
    let text = "$a ${b?{$c}:{${{$d} < {1} ? {$e}}}} $$f ${domain_to_ascii{$g}}";
    assert_eq!(seen(text), ("a b c d e g".to_string(), true));
    assert_eq!(seen("$a ${b"), ("a".to_string(), false));
}
