//! What is read of an Origin header.

use atthene_server::domain::origins::{MAX_ORIGIN_BYTES, OriginError, RequestOrigin, Scheme};

use super::table::{assert_none_wrong, bytes, cases};

const TABLE: &str = include_str!("../../fixtures/origins/requests.tsv");

#[test]
fn every_header_of_the_table_is_read_or_refused_as_it_says() {
    let mut wrong = Vec::new();
    for case in cases(TABLE, 2) {
        let header = bytes(case.cells[0]);
        let got = match RequestOrigin::parse(&header) {
            Ok(origin) if origin.as_str().as_bytes() == header => "ok",
            Ok(_) => "ok, and written differently",
            Err(OriginError::Malformed | OriginError::NotCanonical) => "bad",
            Err(error) => error.reason(),
        };
        if got != case.cells[1] {
            wrong.push(format!(
                "{}: `{}` wanted {}, got {got}",
                case.line,
                header.escape_ascii(),
                case.cells[1]
            ));
        }
    }
    assert_none_wrong(&wrong);
}

#[test]
fn no_single_byte_put_anywhere_into_an_origin_changes_what_it_is() {
    // Whatever is read at all is read as exactly its own bytes, so nothing can be slipped past the comparison.
    for origin in ["https://shop.example", "http://localhost:3000", "http://[::1]:3000"] {
        for at in 0..=origin.len() {
            for byte in 0..=u8::MAX {
                let mut header = origin.as_bytes().to_vec();
                header.insert(at, byte);
                if let Ok(read) = RequestOrigin::parse(&header) {
                    assert_eq!(read.as_str().as_bytes(), header);
                    assert_ne!(read.as_str(), origin);
                }
            }
        }
    }
}

#[test]
fn there_must_be_exactly_one_header() {
    let one: &[u8] = b"https://shop.example";
    assert_eq!(RequestOrigin::from_values([]), Err(OriginError::Missing));
    assert_eq!(
        RequestOrigin::from_values([one]).unwrap().as_str(),
        "https://shop.example"
    );
    assert_eq!(RequestOrigin::from_values([one, one]), Err(OriginError::Multiple));
    assert_eq!(RequestOrigin::from_values([one, b"null"]), Err(OriginError::Multiple));
    assert_eq!(RequestOrigin::from_values([b"".as_slice()]), Err(OriginError::Empty));
}

#[test]
fn without_exactly_one_header_an_origin_is_required_and_else_it_is_not_allowed() {
    assert_eq!(OriginError::Missing.code(), "origin_required");
    assert_eq!(OriginError::Multiple.code(), "origin_required");
    let others = [
        OriginError::Empty,
        OriginError::TooLong,
        OriginError::NotAscii,
        OriginError::Null,
        OriginError::Scheme,
        OriginError::Malformed,
        OriginError::NotCanonical,
    ];
    for error in others {
        assert_eq!(error.code(), "origin_not_allowed", "{error}");
    }
}

#[test]
fn the_limit_of_length_is_three_hundred_bytes() {
    let of_length = |length: usize| format!("https://{}", "a".repeat(length - 8)).into_bytes();
    assert_eq!(
        RequestOrigin::parse(&of_length(MAX_ORIGIN_BYTES)),
        Err(OriginError::Malformed)
    );
    assert_eq!(
        RequestOrigin::parse(&of_length(MAX_ORIGIN_BYTES + 1)),
        Err(OriginError::TooLong)
    );
    assert_eq!(RequestOrigin::parse(&vec![0xff; 10_000_000]), Err(OriginError::TooLong));
}

#[test]
fn an_origin_gives_its_parts() {
    let origin = RequestOrigin::parse(b"http://[::1]:3000").unwrap();
    assert_eq!(
        (origin.scheme(), origin.host(), origin.port_number()),
        (Scheme::Http, "[::1]", 3000)
    );
    let origin = RequestOrigin::parse(b"https://shop.example").unwrap();
    assert_eq!(
        (origin.scheme(), origin.host(), origin.port_number()),
        (Scheme::Https, "shop.example", 443)
    );
}
