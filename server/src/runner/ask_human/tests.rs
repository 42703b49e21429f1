//! What is a question to a human, and what a model is told of one that is none.

use super::{arguments, read};

#[test]
fn a_question_and_its_choices_come_back_as_they_were_written() {
    let choices = ["Blue".to_owned(), "Grün".to_owned()];
    let read = read("call_1".to_owned(), &arguments("Which colour?", &choices)).unwrap();
    assert_eq!(
        (read.question.as_str(), read.choices),
        ("Which colour?", choices.to_vec())
    );
}

#[test]
fn blank_and_repeated_choices_are_left_out() {
    let read = read(
        "c".to_owned(),
        r#"{"question":" Which? ","choices":[" a ","","a","b"]}"#,
    )
    .unwrap();
    assert_eq!(
        (read.question.as_str(), read.choices),
        ("Which?", vec!["a".to_owned(), "b".to_owned()])
    );
}

#[test]
fn what_is_no_question_is_refused_with_the_right_form() {
    let many = format!(
        r#"{{"question":"Which?","choices":{:?}}}"#,
        (0..13).map(|n| n.to_string()).collect::<Vec<_>>()
    );
    for wrong in ["", "[]", "{}", r#"{"question":7}"#, r#"{"question":"  "}"#, &many] {
        let told = read("c".to_owned(), wrong).unwrap_err();
        assert!(told.contains("question") || told.contains("choices"), "{wrong}: {told}");
    }
}
