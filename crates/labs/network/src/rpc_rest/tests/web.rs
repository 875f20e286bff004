//! Methods, versions and the proxy.

use super::super::connection::{Name, Segment};
use parts::values::{number, word};
use sim::probe::{Asked, Probe};
use sim::{Configuration, NodeId, Protocol, Settings, Value};

use super::super::http::{Letter, Method, Path, Request, Response};
use super::super::{Answer, Book, Deed, Disk, Message, Origin, RpcNode, RpcRest};

const C1: NodeId = NodeId(0);
const P: NodeId = NodeId(1);
const F: NodeId = NodeId(2);

const AUTHOR: Origin = Origin { client: C1, number: 1 };
const NAME: Name = Name { life: 1, serial: 1 };

/// The proxy alone, with open connections on both sides.
struct Stand {
    probe: Probe<RpcNode>,
    node: RpcNode,
    asked: u32,
    answered: u32,
    /// What it has sent on so far.
    sent: u32,
}

impl Stand {
    fn new(changes: &[(&str, Value)]) -> Stand {
        let settings = changes.iter().fold(Settings::default(), |all, (name, value)| all.with(name, value.clone()));
        let settings =
            settings.with("styles", word("rest")).with("clients", number(1)).with("twin", Value::Flag(false));
        let config = RpcRest::configure(&settings.accept(&sim::all_settings::<RpcRest>()).unwrap());
        let mut probe = Probe::new(P, 4, config);
        let node = probe.run(|effects| RpcNode::boot(&Disk::default(), effects)).0;
        let mut stand = Stand { probe, node, asked: 0, answered: 0, sent: 0 };
        stand.take(C1, Segment::Open(NAME));
        stand
    }

    fn take(&mut self, from: NodeId, segment: Segment<Letter>) -> Asked<RpcNode> {
        let Stand { probe, node, .. } = self;
        probe.run(|effects| node.on_message(from, Message::Http(segment), effects)).1
    }

    /// A request of C1: what is sent to the client and to the front end.
    fn ask(&mut self, request: Request) -> (Option<Response>, Option<Request>) {
        self.asked += 1;
        let body = Letter::Request(request);
        let asked = self.take(C1, Segment::Data { name: NAME, life: 1, number: self.asked, body });
        self.sort(asked)
    }

    /// An answer of the front end to what it was sent as the so-manieth.
    fn answer(&mut self, to: u32, answer: Answer) -> (Option<Response>, Option<Request>) {
        self.answered += 1;
        let body = Letter::Response { to, response: Response::new(answer) };
        let asked = self.take(F, Segment::Data { name: NAME, life: 1, number: self.answered, body });
        self.sort(asked)
    }

    fn sort(&mut self, asked: Asked<RpcNode>) -> (Option<Response>, Option<Request>) {
        let (mut response, mut request) = (None, None);
        for (_, message) in asked.sends {
            match message {
                Message::Http(Segment::Open(name)) => {
                    let opened = self.take(F, Segment::Opened { name, life: 1 });
                    let (_, sent) = self.sort(opened);
                    request = request.or(sent);
                }
                Message::Http(Segment::Data { body: Letter::Request(sent), .. }) => {
                    self.sent += 1;
                    request = Some(sent);
                }
                Message::Http(Segment::Data { body: Letter::Response { response: sent, .. }, .. }) => {
                    response = Some(sent)
                }
                _ => {}
            }
        }
        (response, request)
    }
}

fn request(method: Method, path: Path) -> Request {
    Request::new(method, path, AUTHOR)
}

fn seven(version: u32) -> Answer {
    Answer::Order { order: 7, version, by: None }
}

/// RFC 9110, sections 9.2.1 and 9.2.2.
#[test]
fn methods_are_safe_or_idempotent() {
    let all = [Method::Get, Method::Put, Method::Post, Method::Patch, Method::Delete];
    assert_eq!(all.map(Method::is_safe), [true, false, false, false, false]);
    assert_eq!(all.map(Method::is_idempotent), [true, true, false, false, true]);
    // What is safe is idempotent.
    assert!(all.into_iter().all(|method| method.is_idempotent() || !method.is_safe()));
}

/// RFC 9110, section 9.2.2: a second DELETE has another answer and the same effect. Section 13.1.2: `If-None-Match: *` makes a thing once.
#[test]
fn idempotent_is_about_the_effect_and_not_about_the_answer() {
    let mut book = Book::with(&[(7, 3)]);
    let delete = request(Method::Delete, Path::Order(7)).ask();
    assert_eq!(book.carry_out(&delete), Answer::Cancelled { order: 7 });
    assert_eq!(book.carry_out(&delete), Answer::NoOrder { order: 7 });
    assert_eq!(book.log.len(), 1);
    let number = Book::chosen_by(C1, 1);
    let put = Request { if_none_match: true, ..request(Method::Put, Path::Order(number)) }.ask();
    assert_eq!(book.carry_out(&put), Answer::Made { order: number });
    assert_eq!(Response::new(book.carry_out(&put)).status(), 412);
    // Not even once it is cancelled: a late copy does not bring it back.
    book.carry_out(&request(Method::Delete, Path::Order(number)).ask());
    assert_eq!(book.carry_out(&put), Answer::Exists { order: number });
    let post = request(Method::Post, Path::Orders).ask();
    assert!([8, 9].into_iter().all(|order| book.carry_out(&post) == Answer::Made { order }));
}

/// RFC 9110, section 13.1.1: 412 if the version has moved.
#[test]
fn a_change_names_the_version_that_its_author_has_seen() {
    let mut book = Book::with(&[(7, 3)]);
    let put = Request { if_match: Some(3), base: 3, ..request(Method::Put, Path::Order(7)) };
    assert_eq!(put.ask().deed, Deed::Change { order: 7, if_version: Some(3) });
    assert_eq!(book.carry_out(&put.ask()), Answer::Changed { order: 7, version: 4 });
    let second = Response::new(book.carry_out(&put.ask()));
    assert_eq!((second.status(), book.orders.get(&7).unwrap().version), (412, 4));
    let blind = request(Method::Put, Path::Order(7)).ask();
    assert_eq!(book.carry_out(&blind), Answer::Changed { order: 7, version: 5 });
}

/// RFC 9111, section 4.2: what is fresh is served, and what is not is asked for anew. Section 5.2.1.4: no-cache goes past it.
#[test]
fn the_proxy_keeps_answers_for_a_while() {
    let mut stand = Stand::new(&[]);
    let get = request(Method::Get, Path::Order(7));
    assert_eq!(stand.ask(get), (None, Some(get)));
    assert_eq!(stand.answer(1, seven(3)).0, Some(Response::new(seven(3))));
    stand.probe.monotonic_now_us += 5_000_000;
    assert_eq!(stand.ask(get), (Some(Response { answer: seven(3), age_us: Some(5_000_000) }), None));
    let past = Request { no_cache: true, ..get };
    assert_eq!(stand.ask(past), (None, Some(past)));
    stand.probe.monotonic_now_us += 1;
    assert_eq!(stand.ask(get), (None, Some(get)));
}

/// RFC 9111, section 4.4: an unsafe request that was answered throws away what is kept of its target; and what was asked before that is not
/// kept afterwards.
#[test]
fn what_is_changed_is_thrown_away() {
    for (follows, kept) in [(true, 0), (false, 1)] {
        let mut stand = Stand::new(&[("invalidate", Value::Flag(follows))]);
        let get = request(Method::Get, Path::Order(7));
        stand.ask(get);
        stand.answer(1, seven(3));
        stand.ask(Request { no_cache: true, ..get });
        stand.ask(request(Method::Patch, Path::Order(7)));
        let count = |stand: &Stand| stand.node.proxy().unwrap().cache.len();
        assert_eq!(count(&stand), kept);
        // The answer to the GET from before is slow.
        stand.answer(2, seven(3));
        assert_eq!(count(&stand), kept);
        stand.answer(3, Answer::Changed { order: 7, version: 4 });
        assert_eq!(count(&stand), kept);
    }
}

/// RFC 9110, section 9.2.2: a proxy must not repeat by itself what is not idempotent.
#[test]
fn the_proxy_repeats_only_what_is_idempotent() {
    for (method, follows, repeats) in [
        (Method::Get, true, true),
        (Method::Put, true, true),
        (Method::Delete, true, true),
        (Method::Patch, true, false),
        (Method::Patch, false, true),
    ] {
        let mut stand = Stand::new(&[("idempotent_only", Value::Flag(follows))]);
        stand.ask(request(method, Path::Order(7)));
        stand.probe.monotonic_now_us += 1_000_000;
        let Stand { probe, node, .. } = &mut stand;
        let asked = probe.run(|effects| node.on_timer(super::super::Timer::Patience(1), effects)).1;
        let (response, again) = stand.sort(asked);
        assert_eq!(again.is_some(), repeats, "{method:?}");
        assert_eq!(response.map(|response| response.status()), (!repeats).then_some(504));
    }
}

/// RFC 9110, section 9.2.1: links can be followed by programs, as long as GET changes nothing.
#[test]
fn the_proxy_follows_links_ahead() {
    for (is_safe, links) in
        [(true, vec![Path::Order(6), Path::Order(7)]), (false, vec![Path::Order(6), Path::Cancel(6)])]
    {
        let mut stand = Stand::new(&[("safe_get", Value::Flag(is_safe))]);
        stand.ask(request(Method::Get, Path::Orders));
        let (_, first) = stand.answer(1, Answer::Page(vec![6, 7]));
        let (_, second) = stand.answer(2, Answer::Order { order: 6, version: 1, by: None });
        assert_eq!([first, second].map(|sent| sent.unwrap().path).to_vec(), links);
    }
}

/// RFC 9110, section 9.2: what is behind a proxy sees each request of a client once, whatever the network doubles.
#[test]
fn copies_do_not_reach_what_runs_on_a_connection() {
    let mut stand = Stand::new(&[]);
    let post = request(Method::Post, Path::Orders);
    assert!(stand.ask(post).1.is_some());
    stand.asked -= 1;
    assert_eq!(stand.ask(post), (None, None));
    // And another life knows nothing of it.
    let body = Letter::Request(post);
    let asked = stand.take(C1, Segment::Data { name: NAME, life: 2, number: 2, body });
    assert_eq!(asked.sends, [(C1, Message::Http(Segment::Broken(NAME)))]);
}
