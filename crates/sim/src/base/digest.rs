//! A digest of whatever can be serialized: FNV-1a over the bytes that postcard would write, the same on every machine.
//!
//! Postcard itself would do, but the compiler writes out its whole encoder again for each field of each type.

use std::fmt;

use serde::ser::{self, Serialize, Serializer};

/// Folds values into a number.
#[derive(Debug)]
pub struct Digest(pub(crate) u64);

/// Something that a digest cannot take in: floats, and lists that do not know their length.
#[derive(Clone, Copy, Debug)]
pub struct Error;

impl Digest {
    /// Takes a value in.
    pub fn add(&mut self, value: &impl Serialize) {
        let taken = value.serialize(self);
        debug_assert!(taken.is_ok(), "a digest takes no floats");
    }

    #[inline(never)]
    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x100_0000_01B3);
        }
    }

    #[inline(never)]
    fn byte(&mut self, byte: u8) -> Result<(), Error> {
        self.bytes(&[byte]);
        Ok(())
    }

    /// Seven bits a byte, the lowest first.
    #[inline(never)]
    fn word(&mut self, mut word: u64) -> Result<(), Error> {
        while word >= 0x80 {
            self.bytes(&[word as u8 | 0x80]);
            word >>= 7;
        }
        self.byte(word as u8)
    }

    fn length(&mut self, length: Option<usize>) -> Result<&mut Self, Error> {
        self.word(length.ok_or(Error)? as u64)?;
        Ok(self)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no digest can be made of this")
    }
}

impl std::error::Error for Error {}

impl ser::Error for Error {
    fn custom<T: fmt::Display>(_message: T) -> Error {
        Error
    }
}

impl Serializer for &mut Digest {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<(), Error> {
        self.byte(value.into())
    }

    fn serialize_i8(self, value: i8) -> Result<(), Error> {
        self.byte(value as u8)
    }

    fn serialize_i16(self, value: i16) -> Result<(), Error> {
        self.word((value << 1 ^ value >> 15) as u16 as u64)
    }

    fn serialize_i32(self, value: i32) -> Result<(), Error> {
        self.word((value << 1 ^ value >> 31) as u32 as u64)
    }

    fn serialize_i64(self, value: i64) -> Result<(), Error> {
        self.word((value << 1 ^ value >> 63) as u64)
    }

    fn serialize_u8(self, value: u8) -> Result<(), Error> {
        self.byte(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), Error> {
        self.word(value.into())
    }

    fn serialize_u32(self, value: u32) -> Result<(), Error> {
        self.word(value.into())
    }

    fn serialize_u64(self, value: u64) -> Result<(), Error> {
        self.word(value)
    }

    #[allow(clippy::disallowed_types)]
    fn serialize_f32(self, _value: f32) -> Result<(), Error> {
        Err(Error)
    }

    #[allow(clippy::disallowed_types)]
    fn serialize_f64(self, _value: f64) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_char(self, value: char) -> Result<(), Error> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Error> {
        self.serialize_bytes(value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Error> {
        self.length(Some(value.len()))?.bytes(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Error> {
        self.byte(0)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.byte(1)?;
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), Error> {
        Ok(())
    }

    fn serialize_unit_variant(self, _name: &'static str, index: u32, _variant: &'static str) -> Result<(), Error> {
        self.word(index.into())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        self.word(index.into())?;
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self, Error> {
        self.length(length)
    }

    fn serialize_tuple(self, _length: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _name: &'static str, _length: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self, Error> {
        self.word(index.into())?;
        Ok(self)
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Self, Error> {
        self.length(length)
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Self, Error> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self, Error> {
        self.word(index.into())?;
        Ok(self)
    }
}

/// The parts of something that has several: one after the other.
macro_rules! parts {
    ($($kind:ident::$part:ident($($name:ident)?);)+) => {
        $(impl ser::$kind for &mut Digest {
            type Ok = ();
            type Error = Error;

            fn $part<T: Serialize + ?Sized>(&mut self, $($name: &'static str,)? value: &T) -> Result<(), Error> {
                value.serialize(&mut **self)
            }

            fn end(self) -> Result<(), Error> {
                Ok(())
            }
        })+
    };
}

parts! {
    SerializeSeq::serialize_element();
    SerializeTuple::serialize_element();
    SerializeTupleStruct::serialize_field();
    SerializeTupleVariant::serialize_field();
    SerializeStruct::serialize_field(_name);
    SerializeStructVariant::serialize_field(_name);
}

impl ser::SerializeMap for &mut Digest {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        key.serialize(&mut **self)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Error> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Serialize)]
    enum Kind {
        Empty,
        One(i64),
        Two(u8, bool),
        Named { text: &'static str, numbers: Vec<u16> },
    }

    #[test]
    fn it_is_that_of_postcards_bytes() {
        let map: BTreeMap<char, i32> = [('a', -1), ('ß', i32::MIN), ('c', 7)].into();
        let kinds = [
            Kind::Empty,
            Kind::One(i64::MIN),
            Kind::Two(255, true),
            Kind::Named { text: "here", numbers: vec![0, 127, 128, 65_535] },
        ];
        let value = (kinds, map, Some(u64::MAX), None::<u8>, (-3_i8, i16::MIN, u32::MAX), ());
        let mut digest = Digest(5);
        digest.add(&value);
        let mut expected = Digest(5);
        expected.bytes(&postcard::to_stdvec(&value).unwrap());
        assert_eq!(digest.0, expected.0);
    }
}
