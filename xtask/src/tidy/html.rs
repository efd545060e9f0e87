//! The tags of an HTML text, as far as a rule needs them.

/// An opening tag.
#[derive(Debug)]
pub(crate) struct Tag<'a> {
    /// In lower case.
    pub(crate) name: String,
    /// Names in lower case, and values without their quotes.
    pub(crate) attributes: Vec<(String, &'a str)>,
    /// Where it begins, counted from 1.
    pub(crate) line: usize,
    /// What follows it, up to the next tag.
    pub(crate) content: &'a str,
}

impl Tag<'_> {
    /// The value of an attribute, given in lower case.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(own, _)| own == name).map(|(_, value)| *value)
    }
}

/// All opening tags outside of comments. What stands in a `<script>` is its
/// content, whatever it looks like.
pub(crate) fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        let line = 1 + text[..text.len() - rest.len() + start].matches('\n').count();
        rest = &rest[start + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let length = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let (name, after) = rest.split_at(length.unwrap_or(rest.len()));
        if name.is_empty() {
            continue;
        }
        let name = name.to_ascii_lowercase();
        let attributes;
        (attributes, rest) = read_attributes(after);
        let end =
            if name == "script" { find_ignoring_case(rest, "</script") } else { rest.find('<') };
        let content;
        (content, rest) = rest.split_at(end.unwrap_or(rest.len()));
        tags.push(Tag { name, attributes, line, content });
    }
    tags
}

/// The attributes up to the tag's end, and what follows that.
fn read_attributes(mut rest: &str) -> (Vec<(String, &str)>, &str) {
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == '/');
        if let Some(after) = rest.strip_prefix('>') {
            return (attributes, after);
        }
        if rest.is_empty() {
            return (attributes, rest);
        }
        let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '=' | '>' | '/');
        // A name may begin with `=`, so the first character is always taken.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let length = rest[first..].find(ends_name).map_or(rest.len(), |at| at + first);
        let (name, after) = rest.split_at(length);
        let value;
        (value, rest) = read_value(after);
        attributes.push((name.to_ascii_lowercase(), value));
    }
}

/// The value, if there is one, and what follows it.
fn read_value(rest: &str) -> (&str, &str) {
    let Some(value) = rest.trim_start().strip_prefix('=') else { return ("", rest) };
    let value = value.trim_start();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            return quoted.split_once(quote).unwrap_or((quoted, ""));
        }
    }
    let end = value.find(|c: char| c.is_ascii_whitespace() || c == '>');
    value.split_at(end.unwrap_or(value.len()))
}

fn find_ignoring_case(text: &str, word: &str) -> Option<usize> {
    text.as_bytes()
        .windows(word.len())
        .position(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        tags(text)
            .iter()
            .map(|tag| format!("{}:{} {:?} {:?}", tag.line, tag.name, tag.attributes, tag.content))
            .collect()
    }

    #[test]
    fn attributes_come_in_every_spelling() {
        assert_eq!(
            read("<P A=\"1 >\" b='2' c=3 d\n e = \"5\"/>x</p>"),
            [r#"1:p [("a", "1 >"), ("b", "2"), ("c", "3"), ("d", ""), ("e", "5")] "x""#]
        );
    }

    #[test]
    fn comments_and_stray_signs_are_no_tags() {
        assert_eq!(read("<!doctype html>\n<!-- <a> -->\n1 < 2 <b>"), [r#"3:b [] """#]);
    }

    #[test]
    fn a_script_holds_all_up_to_its_end() {
        assert_eq!(
            read("<script>if (a<b) '</a>'</SCRIPT><i>"),
            [r#"1:script [] "if (a<b) '</a>'""#, r#"1:i [] """#]
        );
    }

    #[test]
    fn a_text_that_breaks_off_ends_the_reading() {
        for text in ["<", "<a", "<a b", "<a b=", "<a b=\"", "<!--", "<script>x", "<é>", "<a =é"] {
            let _ = tags(text);
        }
    }
}
