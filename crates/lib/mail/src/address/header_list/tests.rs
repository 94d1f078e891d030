// SPDX-License-Identifier: MIT OR Apache-2.0
//! What lists look like after rewriting; the expected side was measured with Postfix 3.7.

use super::*;
use proptest::prelude::*;

/// Completes addresses without domain, as trivial-rewrite does.
fn complete(address: &[u8]) -> Vec<u8> {
    if address.contains(&b'@') {
        return address.to_vec();
    }
    [address, b"@mail.example.test"].concat()
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let body = [b"zz, ", body.as_bytes()].concat();
    let found = rewrite(b"Reply-To", &body, &mut |address| complete(address));
    let gap = if expected.starts_with('\n') { "" } else { " " };
    let expected = format!("zz@mail.example.test,{gap}{expected}");
    assert_eq!(String::from_utf8_lossy(&found), expected);
}

#[test]
fn unchanged_bodies_are_left_alone() {
    let body = b"a@b.com,\n b@c.com, , joe @ x . com (x (y))";
    assert_eq!(rewrite(b"To", body, &mut |address| complete(address)), body);
}

#[test]
fn addresses_are_rewritten_where_they_stand() {
    check("a@b.com (c (d)) ", "a@b.com (c (d))");
    check("Foo Bar <root>", "Foo Bar <root@mail.example.test>");
    check(
        "foo \"bar\" baz@x.com",
        "foo@mail.example.test,\n\tbar@mail.example.test, baz@x.com",
    );
    check(
        "foo: <a@b.com>, bar",
        "foo@mail.example.test: <a@b.com>,\n\tbar@mail.example.test",
    );
    check(":Foo <u@h>", ":Foo <u@h>");
    check("%b\\ c, x@y", "\"%b c\"@mail.example.test, x@y");
    check("group: a, b@c.com;", "group: a@mail.example.test, b@c.com;");
    check(
        "<a@b.com> trailing",
        "<a@b.com>, trailing@mail.example.test",
    );
}

#[test]
fn blanks_are_normalised_as_the_original_does() {
    check("\"Foo, Bar\" <a@c.com>", "\"Foo, Bar\" <a@c.com>");
    check("Foo <>", "Foo <>");
    check(
        "x y <a@b> (c1) (c2), Joe (jj) Smith <joe@x.com>",
        "x y <a@b>(c1) (c2),\n\tJoe (jj) Smith <joe@x.com>",
    );
    check(
        "J. R. \"Bob\" Dobbs <j@x.com>",
        "J.R.\"Bob\" Dobbs <j@x.com>",
    );
    check(
        "Joe\t(x) <(y)j@x.com(z)> (w)",
        "Joe (x) <j@x.com (y) (z)>(w)",
    );
    check(
        "group: a@b.com, c@d.com; , x@y.com; z@z.com",
        "group: a@b.com, c@d.com;, x@y.com;,\n\tz@z.com",
    );
    check("group:;", "group: ;");
    check("joe @ x . com", "joe@x.com");
    check("a@b.com,,b@c.com", "a@b.com, , b@c.com");
    check("<a@b.com>,(x)", "<a@b.com>, (x)");
    check(
        "phrase with | pipe % ! <a@b.com>",
        "phrase with|pipe%! <a@b.com>",
    );
    check("a@b.com (x) , (y) c@d.com", "a@b.com (x), c@d.com (y)");
    check("a@b.com,", "a@b.com, ");
    check("<a@b.com>x<c@d.com>", "<a@b.com>x <c@d.com>");
    check("x: a@b.com; y: c@d.com;", "x:a@b.com;y: c@d.com;");
    check("x: a@b.com, y: c@d.com;", "x: a@b.com, y: c@d.com;");
    check(
        "x: a@b.com; q@w.com, y: c@d.com;",
        "x: a@b.com;, q@w.com, y: c@d.com;",
    );
    check("p: <a@b.com>, y: c@d.com;", "p: <a@b.com>, y: c@d.com;");
}

#[test]
fn quoting_is_kept_or_added() {
    check("\"quo\\\"ted \\a\" <x@y.com>", "\"quo\\\"ted a\" <x@y.com>");
    check("a@b.com (com\\)ment)", "a@b.com (com\\)ment)");
    check("a@b.com (com\n ment)", "a@b.com (com  ment)");
    check("\"fo\n o\" <x@y.com>", "\"fo  o\" <x@y.com>");
    check(
        "a\\%b c\\!d \\[x a]b <a@b.com>",
        "\"a%b\" \"c!d\" \"[x\" a]b <a@b.com>",
    );
    check("Foo \\Bar <a@b.com>", "Foo Bar <a@b.com>");
    check("Foo\\ Bar <a@b.com>", "\"Foo Bar\" <a@b.com>");
    check("a@[1.2\\.3.4]", "a@[1.2.3.4]");
    let odd = "a{b}c&d*e/f=g?h^i_j`k~l$m#n'o+p-q@x.com";
    check(odd, &format!("\n\t{odd}"));
}

#[test]
fn unfinished_things_end_with_the_text() {
    check("a@b.com (unterminated", "a@b.com (unterminated");
    check("a@[b\\", "a@[b]");
    check("(a\\", "(a\\");
    check("a@b.com (c)) d@e.com", "\"a@b.com)d\"@e.com (c)");
}

#[test]
fn lines_are_filled_up_to_70_columns() {
    let body = "zz, a, b, c@d.com, ddddddddddddddddddddd@example.com";
    let found = rewrite(b"To", body.as_bytes(), &mut |address| complete(address));
    assert_eq!(
        String::from_utf8_lossy(&found),
        "zz@mail.example.test, a@mail.example.test, b@mail.example.test,\n\tc@d.com, \
         ddddddddddddddddddddd@example.com"
    );
}

#[test]
fn overlong_phrases_are_dropped() {
    let long = "a ".repeat(130);
    check(&format!("{long} <a@b.com>"), "<a@b.com>");
    check(
        &format!("{long}: <a@b.com> , b@c.com ;"),
        "<a@b.com>, b@c.com;",
    );
    check(
        &format!("{long} <\"a b\"@b.com> (xx); foo@bar.com"),
        "<\"a b\"@b.com>, foo@bar.com",
    );
}

#[test]
fn addresses_are_listed_without_decoration() {
    assert_eq!(
        addresses(b"Joe <joe@x.com> (c), g: \"a b\"@c.com;"),
        [b"joe@x.com".to_vec(), b"\"a b\"@c.com".to_vec()]
    );
}

#[test]
fn token_limit_cuts_the_rest() {
    let list = List::parse_limited(&b"a@b.com,".repeat(100_000), 6);
    assert_eq!(list.addresses().count(), 1);
    assert_eq!(
        List::parse(&b"a ".repeat(1_000_000)).nodes().len(),
        2 * TOKEN_LIMIT - 1
    );
}

proptest! {
    #[test]
    fn any_text_can_be_read_and_written(text in prop::collection::vec(any::<u8>(), 0..200)) {
        let list = List::parse(&text);
        prop_assert!(!list.to_text().contains(&b'\n'));
        list.to_header_body(b"To");
    }
}
