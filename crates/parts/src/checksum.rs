//! Checks that travel with bytes, so that a receiver can notice damage.

/// The Internet checksum: the complement of the sum of all words of 16 bits in one's complement (RFC 1071, section 1). It depends on
/// which words there are, and not on their order.
pub fn internet(bytes: &[u8]) -> u16 {
    let word = |pair: &[u8]| u32::from(pair[0]) << 8 | u32::from(pair.get(1).copied().unwrap_or(0));
    let mut sum: u32 = bytes.chunks(2).map(word).sum();
    while sum > 0xFFFF {
        sum = (sum & 0xFFFF) + (sum >> 16);
    }
    !(sum as u16)
}

/// The CRC-32 of Ethernet, gzip and PNG (polynomial 0x04C11DB7, bits reflected): what remains of a division of polynomials. It notices
/// every burst of up to 32 bits.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| TABLE[((crc ^ u32::from(*byte)) & 0xFF) as usize] ^ (crc >> 8))
}

/// What each byte does to the remainder.
const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut place = 0;
    while place < 256 {
        let (mut crc, mut bit) = (place as u32, 0);
        while bit < 8 {
            crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
            bit += 1;
        }
        table[place] = crc;
        place += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use sim::rng::Rng;

    use super::*;

    /// RFC 1071, section 3: 0001 f203 f4f5 f6f7 sum up to ddf2.
    #[test]
    fn the_internet_checksum_is_that_of_the_example() {
        assert_eq!(internet(&[0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]), !0xddf2);
        assert_eq!(internet(&[0x12]), !0x1200);
    }

    /// RFC 1071, section 2 (A): the sum may be taken in any order, so words that changed places go unnoticed.
    #[test]
    fn the_internet_checksum_does_not_see_swapped_words() {
        assert_eq!(internet(&[1, 2, 3, 4, 5, 6]), internet(&[5, 6, 3, 4, 1, 2]));
        assert_ne!(internet(&[1, 2, 3, 4]), internet(&[2, 1, 3, 4]));
    }

    /// The check value of CRC-32/ISO-HDLC, as in ITU-T V.42, Ethernet, gzip and PNG.
    #[test]
    fn crc_32_has_its_check_value() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(&[]), 0);
    }

    /// Peterson and Brown, Cyclic codes for error detection, 1961: a code with 32 check bits notices every burst of up to 32 bits.
    #[test]
    fn crc_32_notices_every_burst_of_32_bits() {
        let mut rng = Rng::stream(1, 1);
        for _ in 0..20_000 {
            let bytes: Vec<u8> = (0..24).map(|_| rng.bits() as u8).collect();
            let (pattern, shift) = (u64::from(rng.bits() as u32 | 1) << 7 >> rng.below(8), rng.below(20) as usize);
            let mut damaged = bytes.clone();
            for (byte, change) in damaged[shift..].iter_mut().zip(pattern.to_be_bytes()[3..].iter()) {
                *byte ^= change;
            }
            assert!(damaged == bytes || crc32(&damaged) != crc32(&bytes));
        }
    }
}
