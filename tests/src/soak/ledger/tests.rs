//! Each promise that is broken is found: a soak that finds nothing says something.

use super::{Asked, Kept, Promise, judge};

fn asked(number: usize) -> Asked {
    Asked {
        client_id: format!("c{number}"),
        text: format!("q{number}"),
        message_id: Some(format!("msg_{number}")),
        is_answered: true,
        seen_bytes: 3,
        turns: 1,
    }
}

fn kept(number: usize) -> [Kept; 2] {
    let message = |id: String, role: &str, content: String| Kept {
        id,
        role: role.to_owned(),
        content,
        status: Some("completed".to_owned()),
    };
    [
        message(format!("msg_{number}"), "user", format!("q{number}")),
        message(format!("msg_a{number}"), "assistant", answer_to(&format!("q{number}"))),
    ]
}

fn answer_to(question: &str) -> String {
    format!("the answer to {question}")
}

fn found(asked: &[Asked], kept: &[Kept]) -> Vec<Promise> {
    judge(asked, kept, answer_to)
        .into_iter()
        .map(|(promise, _)| promise)
        .collect()
}

#[test]
fn what_agrees_is_no_breach() {
    let both = [asked(1), asked(2)];
    assert!(found(&both, &[kept(1), kept(2)].concat()).is_empty());
    let mut unknown = asked(2);
    unknown.message_id = None;
    unknown.is_answered = false;
    assert!(found(&[asked(1), unknown.clone()], &kept(1)).is_empty());
    let mut cut = kept(2);
    cut[1].content.truncate(5);
    cut[1].status = Some("interrupted".to_owned());
    assert!(found(&[asked(1), unknown], &[kept(1), cut].concat()).is_empty());
}

#[test]
fn every_breach_is_found() {
    let both = [asked(1), asked(2)];
    assert_eq!(found(&both, &kept(1)), [Promise::Kept]);
    assert_eq!(found(&both, &[kept(1), kept(2), kept(2)].concat()), [Promise::Once]);
    assert_eq!(found(&both, &[kept(2), kept(1)].concat()), [Promise::Ordered]);
    assert_eq!(found(&both[..1], &[kept(1), kept(2)].concat()), [Promise::Once]);
    let change = |change: fn(&mut [Kept; 2])| {
        let mut last = kept(2);
        change(&mut last);
        found(&both, &[kept(1), last].concat())
    };
    assert_eq!(change(|last| last[0].id.push('x')), [Promise::Kept]);
    assert_eq!(
        change(|last| last[1].content.push('x')),
        [Promise::Intact, Promise::Intact]
    );
    assert_eq!(
        change(|last| last[1].status = Some("running".to_owned())),
        [Promise::Ended]
    );
    let cut = |last: &mut [Kept; 2]| {
        last[1].content.truncate(5);
        last[1].status = Some("interrupted".to_owned());
    };
    assert_eq!(change(cut), [Promise::Intact], "it was seen to its end");
    let mut seen = asked(2);
    (seen.is_answered, seen.seen_bytes) = (false, 6);
    let mut last = kept(2);
    cut(&mut last);
    assert_eq!(found(&[asked(1), seen], &[kept(1), last].concat()), [Promise::Intact]);
    let mut doubled = [kept(1), kept(2)].concat();
    doubled.push(kept(2)[1].clone());
    assert_eq!(found(&both, &doubled), [Promise::Once]);
}
