use super::*;
#[test]
fn print_lists() {
    for vn in [1u16, 2, 3, 4] {
        for servers in [3u16, 4, 5, 6] {
            let ring = Ring::new(servers, vn);
            for key in ["x", "y", "z", "cart", "a", "b", "k"] {
                let list = ring.preference_list(ring.range_of(ring::position(key)));
                println!("vn {vn} servers {servers} {key} {:?}", list.iter().map(|n| n.0 + 1).collect::<Vec<_>>());
            }
        }
    }
}
