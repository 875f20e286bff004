//! Terms, and who can derive what.

use super::super::knowledge::Knowledge;
use super::super::term::{Tag, Term};

fn knowing(terms: impl IntoIterator<Item = Term>) -> Knowledge {
    let mut knowledge = Knowledge::default();
    knowledge.learn(terms);
    knowledge
}

/// RFC 8446, section 7.4: the two ends of a Diffie-Hellman exchange come to the same.
#[test]
fn both_ends_come_to_the_same_secret() {
    let (x, y) = (Term::exponent(1), Term::exponent(2));
    let secret = Term::dh(&x, &Term::share(&y));
    assert!(secret.is_some());
    assert_eq!(secret, Term::dh(&y, &Term::share(&x)));
    assert_ne!(secret, Term::dh(&x, &Term::share(&x)));
    assert_eq!(Term::dh(&x, &Term::name("no share")), None);
}

/// Terms are equal by how they are built.
#[test]
fn terms_are_equal_if_they_are_built_alike() {
    let built = |number| Term::aead(&Term::private(1), number, &Term::list(Tag::Request, vec![Term::data(5)]));
    assert_eq!(built(0), built(0));
    assert_ne!(built(0), built(1));
    let parts = |parts: &[u64]| Term::hash(&parts.iter().map(|part| Term::nonce(*part)).collect::<Vec<_>>());
    assert_ne!(parts(&[1, 2]), parts(&[2, 1]));
    assert_ne!(Term::nonce(1), Term::data(1));
    assert_ne!(Term::list(Tag::Request, vec![]), Term::list(Tag::Answer, vec![]));
    assert_ne!(Term::hash(&[Term::name("ab")]), Term::hash(&[Term::name("a"), Term::name("b")]));
}

/// Dolev and Yao 1983: who sees both shares has not their secret; who has one private part and the other share has.
#[test]
fn two_shares_make_no_secret() {
    let (x, y) = (Term::exponent(1), Term::exponent(2));
    let secret = Term::dh(&x, &Term::share(&y)).unwrap();
    let mut seen = knowing([Term::share(&x), Term::share(&y)]);
    assert!(!seen.can_build(&secret));
    seen.learn([x]);
    assert!(seen.can_build(&secret));
    assert!(!seen.can_build(&y));
}

/// Taking apart: lists and what is signed are read by everybody, what is sealed by who has the key.
#[test]
fn what_is_signed_is_read_and_what_is_sealed_is_not() {
    let (key, data) = (Term::private(9), Term::data(1));
    let signed = Term::sign(&key, &Term::list(Tag::Request, vec![data.clone()]));
    assert!(knowing([signed.clone()]).knows(&data));
    assert!(!knowing([signed.clone()]).can_build(&Term::sign(&key, &data)));
    assert!(knowing([signed.clone()]).can_build(&signed));
    let sealed = Term::aead(&key, 0, &signed);
    let mut knowledge = knowing([sealed]);
    assert!((!knowledge.knows(&data)) && knowledge.locked() == 1);
    knowledge.learn([key]);
    assert!(knowledge.knows(&data) && knowledge.locked() == 0);
    assert_eq!(knowledge.learned(), [data]);
}

/// A key that is itself sealed opens what came before it: taking apart goes on until nothing is new.
#[test]
fn a_key_in_a_sealed_message_opens_an_earlier_one() {
    let (first, second, data) = (Term::private(1), Term::private(2), Term::data(7));
    let mut knowledge = knowing([Term::aead(&second, 0, &data), Term::aead(&first, 0, &second)]);
    assert!(!knowledge.knows(&data));
    knowledge.learn([first]);
    assert!(knowledge.knows(&data));
}

/// RFC 8446, section 7.1: a key follows from the secret and the transcript, and both are needed.
#[test]
fn a_key_needs_its_secret_and_its_transcript() {
    let (secret, said) = (Term::private(1), Term::nonce(2));
    let key = Term::kdf(&secret, "c hs traffic", &Term::hash(std::slice::from_ref(&said)));
    let data = Term::data(3);
    let mut knowledge = knowing([Term::aead(&key, 0, &data), secret]);
    assert!(!knowledge.knows(&data), "the transcript is missing");
    knowledge.learn([said]);
    assert!(knowledge.knows(&data));
}

/// What is derived does not depend on the order in which things are learnt.
#[test]
fn the_order_of_learning_does_not_matter() {
    let (x, y) = (Term::exponent(1), Term::exponent(2));
    let secret = Term::dh(&x, &Term::share(&y)).unwrap();
    let key = Term::kdf(&secret, "k", &Term::hash(&[Term::nonce(4)]));
    let data = Term::data(3);
    let terms = [x, Term::share(&y), Term::nonce(4), Term::aead(&key, 0, &data)];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 0, 1], [1, 3, 2, 0], [3, 0, 2, 1]] {
        let mut knowledge = Knowledge::default();
        for place in order {
            knowledge.learn([terms[place].clone()]);
        }
        assert!(knowledge.knows(&data), "{order:?}");
    }
}
