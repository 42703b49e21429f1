"""YAML configurations of our own: tags, anchors, bombs, depth, size, encodings, on top of a configuration that is right.

y: a valid configuration; n: no configuration, or no YAML, or too much of it; i: may be taken or refused with a reason.
"""


def _indented(text, by="  "):
    return "".join(by + line if line.strip() else line for line in text.splitlines(keepends=True))


def _laughs(levels, width, kind="sequence"):
    """The billion laughs: each level repeats the one before."""
    lines = ["x0: &x0 lol"]
    for level in range(1, levels):
        again = ", ".join([f"*x{level - 1}"] * width)
        again = f"[{again}]" if kind == "sequence" else "{" + ", ".join(f"k{n}: *x{level - 1}" for n in range(width)) + "}"
        lines.append(f"x{level}: &x{level} {again}")
    return "\n".join(lines) + "\n"


def accepted(head):
    """The same configuration, written in other ways."""
    yield "comment_first", "# a comment\n" + head
    yield "comments_everywhere", head.replace("\n", "  # why\n", 1) + "# the end\n"
    yield "blank_lines", "\n\n" + head + "\n\n"
    yield "document_start", "---\n" + head
    yield "document_end", "---\n" + head + "...\n"
    yield "directive", "%YAML 1.2\n---\n" + head
    yield "crlf", head.replace("\n", "\r\n")
    yield "byte_order_mark", "\ufeff" + head
    yield "no_newline_at_the_end", head.rstrip("\n")
    yield "trailing_spaces", head.replace("\n", "   \n")
    yield "extra_block", head + "x_case:\n  - a\n  - b: c\n"
    yield "extra_flow", head + "x_case: {a: [1, 2.5, true, null, ~], 'b': \"c\"}\n"
    yield "extra_literal", head + "x_case: |\n  one\n    two\n\n  three\n"
    yield "extra_folded", head + "x_case: >-\n  one\n  two\n"
    yield "extra_kept", head + "x_case: |+\n  one\n\n"
    yield "extra_indentation_indicator", head + "x_case: |2\n    one\n"
    yield "extra_single_quotes", head + "x_case: 'it''s'\n"
    yield "extra_escapes", head + 'x_case: "\\x41\\u00e9\\U0001F600\\n\\t\\e\\_\\N"\n'
    yield "extra_multi_line_plain", head + "x_case: one\n  two\n  three\n"
    yield "extra_unicode", head + "x_case: \U0001f600 \u4f60\u597d \u0645\u0631\u062d\u0628\u0627\n"
    yield "extra_anchor_and_alias", head + "x_one: &one [1]\nx_two: *one\n"
    yield "extra_string_tag", head + "x_case: !!str 5\n"
    yield "extra_empty_value", head + "x_case:\n"
    yield "extra_long_string", head + "x_case: " + "x" * 200_000 + "\n"
    yield "extra_depth_30", head + "x_case: " + "[" * 30 + "]" * 30 + "\n"
    yield "extra_quoted_key", head + '"x_case": 1\n'
    yield "extra_colon_in_plain", head + "x_case: http://a.example:80/x#y\n"


def refused(head):
    """What is no YAML, no configuration, or far too much."""
    yield "empty", ""
    yield "white_space", " \n \n"
    yield "only_a_comment", "# nothing\n"
    yield "only_document_start", "---\n"
    yield "null", "~\n"
    yield "scalar", "name\n"
    yield "sequence", "- name\n- agent_type\n"
    yield "number", "5\n"
    yield "two_documents", head + "---\n" + head
    yield "second_document_broken", head + "---\n[\n"
    yield "tab_indentation", head + "x_case:\n\ta: 1\n"
    yield "tab_before_key", head + "\tx_case: 1\n"
    yield "unclosed_double_quote", head + 'x_case: "abc\n'
    yield "unclosed_single_quote", head + "x_case: 'abc\n"
    yield "unclosed_flow_sequence", head + "x_case: [1, 2\n"
    yield "unclosed_flow_mapping", head + "x_case: {a: 1\n"
    yield "wrong_close", head + "x_case: [1, 2}\n"
    yield "two_values", head + "x_case: a: b: c\n"
    yield "less_indented", head + "x_case:\n    a: 1\n  b: 2\n"
    yield "sequence_in_mapping", head + "- x\n"
    yield "text_after_mapping", head + "just text\n"
    yield "undefined_alias", head + "x_case: *nowhere\n"
    yield "alias_before_anchor", head + "x_case: *later\nx_more: &later 1\n"
    yield "anchor_on_alias", head + "x_one: &a 1\nx_case: &b *a\n"
    yield "reserved_at", head + "x_case: @a\n"
    yield "reserved_backtick", head + "x_case: `a`\n"
    yield "percent", head + "x_case: %a\n"
    yield "bad_escape", head + 'x_case: "\\q"\n'
    yield "bad_unicode_escape", head + 'x_case: "\\uZZZZ"\n'
    yield "null_byte", head + "x_case: a\0b\n"
    yield "control_character", head + "x_case: a\x01b\n"
    yield "bell", head + 'x_case: "\x07"\n'
    yield "unknown_tag_handle", head + "x_case: !nope!tag 1\n"
    yield "directive_without_document", "%YAML 1.2\n" + head
    yield "two_yaml_directives", "%YAML 1.2\n%YAML 1.2\n---\n" + head
    yield "broken_tag", head + "x_case: !<unclosed 1\n"
    yield "no_name", "agent_type: llm_agent\n"
    yield "name_is_a_sequence", "name: [a]\nagent_type: llm_agent\n"
    yield "name_is_a_mapping", "name: {a: b}\nagent_type: llm_agent\n"
    yield "name_is_python", "name: !!python/object/apply:os.system ['id']\nagent_type: llm_agent\n"
    yield "agent_type_unknown", "name: a\nagent_type: wizard\n"
    yield "model_is_a_number", "name: a\nagent_type: llm_agent\nllm_config: {model: 5}\n"
    yield "unclosed_flow_100k", head + "x_case: " + "[" * 100_000 + "\n"
    yield "unclosed_mapping_100k", head + "x_case: " + "{a: " * 100_000 + "\n"
    yield "open_flow_only_100k", "[" * 100_000
    yield "open_mapping_only_100k", "{" * 100_000
    yield "flow_depth_100k", head + "x_case: " + "[" * 100_000 + "]" * 100_000 + "\n"
    yield "flow_mapping_depth_20k", head + "x_case: " + "{a: " * 20_000 + "1" + "}" * 20_000 + "\n"
    yield "dashes_depth_10k", head + "x_case:\n  " + "- " * 10_000 + "a\n"
    yield "block_depth_500", head + "x_case:\n" + "".join(" " * (n + 1) + "a:\n" for n in range(500))
    yield "question_marks_10k", head + "x_case:\n  " + "? " * 10_000 + "a\n"
    yield "flow_depth_200", head + "x_case: " + "[" * 200 + "]" * 200 + "\n"
    yield "billion_laughs", head + _laughs(10, 10)
    yield "billion_laughs_mappings", head + _laughs(10, 10, "mapping")
    yield "quintillion_laughs", head + _laughs(20, 9)
    yield "quadratic_blow_up", head + "x_big: &big " + "x" * 50_000 + "\nx_case: [" + ", ".join(["*big"] * 20_000) + "]\n"
    yield "own_field_laughs", _laughs(10, 10) + head + "description: *x9\n"
    yield "alias_to_itself", head + "x_case: &x [*x]\n"
    yield "mapping_of_itself", head + "x_case: &x {a: *x}\n"


def open_cases(head):
    """May be taken or refused, never with a 5xx and never slowly."""
    yield "merge_key", head + "x_base: &base {a: 1}\nx_case: {<<: *base, b: 2}\n"
    yield "merge_list", head + "x_base: &base {a: 1}\nx_case: {<<: [*base, *base]}\n"
    yield "merge_of_scalar", head + "x_case: {<<: 5}\n"
    yield "merge_at_the_top", "<<: {x_case: 1}\n" + head
    yield "merge_bomb", head + "x0: &x0 {a: 1}\n" + "".join(f"x{n}: &x{n} {{<<: [*x{n - 1}, *x{n - 1}]}}\n" for n in range(1, 40))
    yield "duplicate_key", head + head
    yield "duplicate_extra_key", head + "x_case: 1\nx_case: 2\n"
    yield "complex_key", head + "x_case: {[a, b]: 1}\n"
    yield "question_key", head + "? [a, b]\n: 1\n"
    yield "null_key", head + "~: 1\n"
    yield "number_key", head + "5: 1\n"
    yield "truth_key", head + "yes: 1\ntrue: 2\n"
    yield "local_tag", head + "x_case: !mine {a: 1}\n"
    yield "python_object", head + "x_case: !!python/object/apply:os.system ['touch pwned']\n"
    yield "python_name", head + "x_case: !!python/name:os.system\n"
    yield "ruby_object", head + "x_case: !ruby/object:Gem::Requirement {}\n"
    yield "java_object", head + "x_case: !!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n"
    yield "binary_tag", head + "x_case: !!binary aGVsbG8=\n"
    yield "bad_binary", head + "x_case: !!binary '***'\n"
    yield "bad_integer_tag", head + "x_case: !!int abc\n"
    yield "set_tag", head + "x_case: !!set {a, b}\n"
    yield "ordered_map_tag", head + "x_case: !!omap [a: 1]\n"
    yield "timestamp", head + "x_case: 2025-01-01T00:00:00Z\n"
    yield "sexagesimal", head + "x_case: 190:20:30\n"
    yield "octal", head + "x_case: [0o14, 014, 0x1f, 0b11, 1_000]\n"
    yield "not_a_number", head + "x_case: [.nan, .inf, -.inf]\n"
    yield "huge_integer", head + "x_case: " + "9" * 5_000 + "\n"
    yield "huge_exponent", head + "x_case: 1e999999999\n"
    yield "norway", head + "x_case: [no, NO, off, y, n]\n"
    yield "tag_directive", "%TAG ! tag:example.com,2000:app/\n---\n" + head
    yield "later_version", "%YAML 1.9\n---\n" + head
    yield "next_version", "%YAML 3.0\n---\n" + head
    yield "unknown_directive", "%FOO bar\n---\n" + head
    yield "dots_then_text", head + "...\n# nothing more\n"
    yield "byte_order_mark_inside", head + "x_case: a\ufeffb\n"
    yield "next_line_character", head + "x_case: a\u0085b\n"
    yield "line_separator", head + "x_case: a\u2028b\n"
    yield "noncharacter", head + "x_case: \uffff\n"
    yield "escaped_surrogate", head + 'x_case: "\\ud800"\n'
    yield "long_key", head + "k" * 5_000 + ": 1\n"
    yield "anchor_of_10k", head + "x_case: &" + "a" * 10_000 + " 1\n"
    yield "anchors_20k", head + "x_case: [" + ", ".join(f"&a{n} {n}" for n in range(20_000)) + "]\n"
    yield "aliases_100", head + "x_one: &one 1\nx_case: [" + ", ".join(["*one"] * 100) + "]\n"
    yield "keys_20k", head + "x_case:\n" + "".join(f"  k{n}: {n}\n" for n in range(20_000))
    yield "comments_900_kb", head + "# comment\n" * 90_000
    yield "spaces_900_kb", head + "x_case:" + " " * 900_000 + "1\n"
    yield "newlines_900_kb", head + "\n" * 900_000
    yield "quotes_900_kb", head + "x_case: '" + "''" * 450_000 + "'\n"
    yield "question_marks_900_kb", head + "?\n" * 450_000
    yield "exclamation_marks_900_kb", head + "x_case: " + "!" * 900_000 + "\n"
    yield "dashes_900_kb", head + "x_case:\n" + "  -\n" * 225_000
    yield "json_form", "{" + '"x_case": 1}\n'
    for depth in (60, 64, 65, 70):
        yield f"depth_{depth}", head + "x_case: " + "[" * depth + "]" * depth + "\n"


def cases(head):
    """All of them as (name, class, bytes), with the configuration `head` as block YAML."""
    for kind, part in (("y", accepted), ("n", refused), ("i", open_cases)):
        for name, text in part(head):
            yield f"{kind}_{name}", kind, text.encode()
    for name, raw in [("latin_1", b"\xe9"), ("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"), ("truncated", b"\xe2\x82")]:
        yield f"n_utf8_{name}", "n", head.encode() + b"x_case: " + raw + b"\n"
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield f"i_{encoding}", "i", head.encode().decode().encode(encoding)
    yield "n_null_bytes", "n", b"\0" * 1000
    yield "n_over_1_mib", "n", head.encode() + b"# comment\n" * 110_000
    yield "n_over_4_mib", "n", head.encode() + b"x: " + b"x" * 4_200_000


def nested(head, text):
    """A case of the third party's suite as the value of one more key, or None where it can't stand there."""
    if any(line[:3] in ("---", "...") or line[:1] in ("%", "\ufeff") for line in text.splitlines()):
        return None
    return (head + "x_case:\n" + _indented(text) + ("" if text.endswith("\n") else "\n")).encode()
