"""JSON bodies of our own: what the third party's corpus lacks (bytes that are no UTF-8, size, depth, known fields).

Each case is a name, a class and the bytes of a value. y: RFC 8259 says it is JSON; n: it is not; i: it leaves it open.
"""

MIB = 1024 * 1024


def values():
    """Values to stand in a body, or to be the body."""
    yield "y_deep_30", "y", b"[" * 30 + b"]" * 30
    yield "y_object_30", "y", b'{"a":' * 30 + b"1" + b"}" * 30
    yield "y_astral_characters", "y", '"\U0001f600 \U0010ffff \u2028 \u2029"'.encode()
    yield "y_escaped_pair", "y", rb'"\ud83d\ude00"'
    yield "y_all_escapes", "y", rb'"\"\\\/\b\f\n\r\t\u0041"'
    yield "y_noncharacter", "y", '"\uffff\ufdd0"'.encode()
    yield "y_all_white_space", "y", b' \t\r\n[ \t\r\n1 , \t2\r\n] '
    yield "y_many_keys", "y", ("{" + ",".join(f'"k{n}":{n}' for n in range(3000)) + "}").encode()
    yield "y_long_string", "y", b'"' + b"x" * 200_000 + b'"'
    yield "y_long_key", "y", b'{"' + b"k" * 100_000 + b'":1}'
    yield "y_small_exponent", "y", b"[1E-2, 1e+2, -0, -0.0, 0e0]"
    for depth in (65, 128, 500, 5_000, 100_000):
        yield f"i_deep_arrays_{depth}", "i", b"[" * depth + b"]" * depth
        yield f"i_deep_objects_{depth}", "i", b'{"a":' * depth + b"1" + b"}" * depth
        yield f"n_open_arrays_{depth}", "n", b"[" * depth
        yield f"n_open_objects_{depth}", "n", b'{"a":' * depth
        yield f"n_mixed_{depth}", "n", b'[{"":' * depth
    yield "i_lone_high_surrogate", "i", rb'"\ud800"'
    yield "i_lone_low_surrogate", "i", rb'"\udc00"'
    yield "i_swapped_pair", "i", rb'"\udc00\ud800"'
    yield "i_surrogate_key", "i", rb'{"\ud800":1}'
    yield "i_escaped_null", "i", rb'"\u0000"'
    yield "i_huge_integer", "i", b"9" * 5_000
    yield "i_huge_negative", "i", b"-" + b"9" * 5_000
    yield "i_long_fraction", "i", b"0." + b"1" * 20_000
    yield "i_huge_exponent", "i", b"1e999999999999"
    yield "i_tiny_exponent", "i", b"1e-999999999999"
    yield "i_negative_zero_exponent", "i", b"-0e-0"
    yield "i_beyond_u64", "i", b"18446744073709551616"
    yield "i_beyond_i64", "i", b"-9223372036854775809"
    yield "i_duplicate_keys", "i", b'{"a":1,"a":2}'
    yield "i_duplicate_escaped_key", "i", rb'{"a":1,"\u0061":2}'
    yield "i_proto_key", "i", b'{"__proto__":{"admin":true},"constructor":1}'
    for name, raw in [
        ("overlong_slash", b"\xc0\xaf"),
        ("overlong_null", b"\xc0\x80"),
        ("encoded_surrogate", b"\xed\xa0\x80"),
        ("beyond_unicode", b"\xf4\x90\x80\x80"),
        ("lone_continuation", b"\x80"),
        ("lone_start", b"\xe2"),
        ("truncated", b"\xe2\x82"),
        ("five_bytes", b"\xf8\x88\x80\x80\x80"),
        ("fe", b"\xfe"),
        ("latin_1", b"\xe9"),
        ("cp1252_quote", b"\x93"),
    ]:
        yield f"i_utf8_{name}_in_string", "i", b'"' + raw + b'"'
        yield f"n_utf8_{name}_outside", "n", raw
        yield f"n_utf8_{name}_after_value", "n", b"1 " + raw
    for name, text in [
        ("NaN", "NaN"),
        ("minus_NaN", "-NaN"),
        ("Infinity", "Infinity"),
        ("minus_Infinity", "-Infinity"),
        ("inf", "inf"),
        ("undefined", "undefined"),
        ("None", "None"),
        ("True", "True"),
        ("TRUE", "TRUE"),
        ("trailing_comma_array", "[1,]"),
        ("trailing_comma_object", '{"a":1,}'),
        ("double_comma", "[1,,2]"),
        ("leading_comma", "[,1]"),
        ("no_comma", "[1 2]"),
        ("no_colon", '{"a" 1}'),
        ("two_colons", '{"a"::1}'),
        ("equals_sign", '{"a"=1}'),
        ("bare_key", "{a:1}"),
        ("number_key", "{1:1}"),
        ("null_key", "{null:1}"),
        ("single_quotes", "'a'"),
        ("backticks", "`a`"),
        ("curly_quotes", "\u201ca\u201d"),
        ("line_comment", "1 // one"),
        ("block_comment", "/* one */ 1"),
        ("hash_comment", "1 # one"),
        ("html_comment", "<!-- one --> 1"),
        ("plus_sign", "+1"),
        ("leading_zero", "01"),
        ("leading_point", ".5"),
        ("trailing_point", "5."),
        ("hexadecimal", "0x1f"),
        ("octal", "0o7"),
        ("binary", "0b1"),
        ("underscores", "1_000"),
        ("bigint", "10n"),
        ("empty_exponent", "1e"),
        ("sign_only_exponent", "1e+"),
        ("minus_only", "-"),
        ("minus_space", "- 1"),
        ("full_width_digit", "\uff11"),
        ("newline_in_string", '"a\nb"'),
        ("tab_in_string", '"a\tb"'),
        ("null_in_string", '"a\0b"'),
        ("escape_x", r'"\x41"'),
        ("escape_0", r'"\0"'),
        ("escape_quote", r'"\'"'),
        ("escape_U", r'"\U0001f600"'),
        ("escape_brace", r'"\u{41}"'),
        ("short_unicode", r'"\u12"'),
        ("bad_unicode", r'"\u12G4"'),
        ("unclosed_string", '"abc'),
        ("unclosed_escape", '"abc\\'),
        ("unclosed_array", "[1"),
        ("unclosed_object", '{"a":1'),
        ("extra_close", "[1]]"),
        ("wrong_close", '[1}'),
        ("two_values", "1 2"),
        ("two_objects", "{}{}"),
        ("json_lines", "{}\n{}"),
        ("form_feed", "\f1"),
        ("vertical_tab", "\v1"),
        ("no_break_space", "\u00a01"),
        ("line_separator", "\u20281"),
        ("word_joiner", "\u20601"),
        ("null_after", "1\0"),
        ("xssi_prefix", ")]}'\n1"),
        ("call", "f(1)"),
        ("spread", "[...[1]]"),
        ("template", "${1}"),
        ("date", "2025-01-01"),
        ("regex", "/a/"),
    ]:
        yield f"n_{name}", "n", text.encode()


def bodies(field):
    """Whole bodies. `field` stands for the body's own text field, which must hold what was sent, or be refused."""

    def framed(value):
        return field.replace(b'"@"', value)

    yield "n_empty", "n", b""
    yield "n_white_space", "n", b" \r\n\t "
    yield "n_byte_order_mark_only", "n", b"\xef\xbb\xbf"
    yield "i_byte_order_mark", "i", b"\xef\xbb\xbf" + framed(b'"Hello"')
    yield "n_two_byte_order_marks", "n", b"\xef\xbb\xbf\xef\xbb\xbf" + framed(b'"Hello"')
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7"):
        yield f"n_{encoding}", "n", framed(b'"H\xc3\xa9llo"').decode().encode(encoding) if encoding != "utf-7" else b"+AHsAfQ-"
    yield "n_gzip_bytes", "n", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00"
    yield "n_form", "n", b"message=Hello&content=Hello"
    yield "n_xml", "n", b"<?xml version='1.0'?><message>Hello</message>"
    yield "n_messagepack", "n", b"\x81\xa7message\xa5Hello"
    yield "n_null_bytes", "n", b"\0" * 1000
    for name, raw in [("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"), ("latin_1", b"\xe9"), ("truncated", b"\xe2\x82")]:
        yield f"n_own_field_utf8_{name}", "n", framed(b'"' + raw + b'"')
    yield "n_own_field_lone_surrogate", "n", framed(rb'"\ud800"')
    yield "n_own_field_swapped_pair", "n", framed(rb'"\udc00\ud800"')
    for name, value in [("null", b"null"), ("number", b"5"), ("true", b"true"), ("array", b"[5]"), ("object", b"{}"), ("deep", b"[" * 60 + b"]" * 60)]:
        yield f"n_own_field_{name}", "n", framed(value)
    yield "y_own_field_escapes", "y", framed(rb'"\u0048ello \ud83d\ude00 \u00e9 \\ \" \/"')
    yield "y_own_field_astral", "y", framed('"H\u00e9llo \U0001f600 \u2028 \uffff"'.encode())
    yield "i_own_field_null", "i", framed(rb'"a\u0000b"')
    yield "i_own_field_controls", "i", framed(rb'"a\u0001\u001b\u007f\u0085b"')
    yield "i_own_field_twice", "i", framed(b'"Hello"') .replace(b"{", b'{"message":"a","message":"b",', 1)
    yield "i_padded_to_900_kb", "i", framed(b'"Hello"') + b" " * 900_000
    yield "n_open_brackets_900_kb", "n", b"[" * 900_000
    yield "n_open_objects_900_kb", "n", b'{"":' * 225_000
    yield "n_backslashes_900_kb", "n", b'"' + b"\\" * 900_000 + b'"'
    yield "n_commas_900_kb", "n", b"[" + b"," * 900_000 + b"]"
    yield "i_zeros_900_kb", "i", b"[" + b"0," * 450_000 + b"0]"
    yield "i_huge_number_900_kb", "i", b"[" + b"9" * 900_000 + b"]"
    yield "i_empty_keys_900_kb", "i", b"{" + b'"":0,' * 180_000 + b'"":0}'
