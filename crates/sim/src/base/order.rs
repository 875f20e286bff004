//! Sorting. The standard library compiles its sort anew for each type, some kilobytes each time; here all types share one.

/// Brings items into the order of their keys. Those with equal keys stay in the order in which they were.
pub fn sort_by_key<T>(items: &mut Vec<T>, key: impl Fn(&T) -> u128) {
    if items.len() < 2 {
        return;
    }
    let mut order: Vec<(u128, usize)> = items.iter().map(key).zip(0..).collect();
    order.sort_unstable();
    let mut unordered: Vec<Option<T>> = items.drain(..).map(Some).collect();
    items.extend(order.into_iter().filter_map(|(_, place)| unordered[place].take()));
}

/// One key out of two numbers, the first of which matters more.
pub fn pair(first: u64, second: u64) -> u128 {
    u128::from(first) << 64 | u128::from(second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_order() {
        let mut words = vec!["dd", "a", "ccc", "b", "ee"];
        sort_by_key(&mut words, |word| word.len() as u128);
        assert_eq!(words, ["a", "b", "dd", "ee", "ccc"]);
        assert!(pair(1, u64::MAX) < pair(2, 0));
    }
}
