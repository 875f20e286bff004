//! What fingers and the mouse do on the lanes: pan, pinch, tap.

/// How far a pointer may move and still tap, in pixels.
const STILL: f64 = 5.0;

/// The pointers that are down.
#[derive(Clone, Debug, Default)]
pub struct Gesture {
    pointers: Vec<Pointer>,
    /// Whether this has been more than a tap.
    moved: bool,
}

#[derive(Clone, Copy, Debug)]
struct Pointer {
    id: i32,
    began: f64,
    x: f64,
}

/// What a movement asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wish {
    Nothing,
    /// Move by so many pixels.
    Pan(f64),
    /// Show so many times the time, with what was at `from` now at `to`.
    Pinch {
        factor: f64,
        from: f64,
        to: f64,
    },
}

impl Gesture {
    /// A pointer comes down.
    pub fn down(&mut self, id: i32, x: f64) {
        if self.pointers.is_empty() {
            self.moved = false;
        }
        self.pointers.retain(|pointer| pointer.id != id);
        self.pointers.push(Pointer { id, began: x, x });
        self.moved |= self.pointers.len() > 1;
    }

    /// A pointer moves.
    pub fn shift(&mut self, id: i32, x: f64) -> Wish {
        let Some(place) = self.pointers.iter().position(|pointer| pointer.id == id) else { return Wish::Nothing };
        let before = self.ends();
        let old = std::mem::replace(&mut self.pointers[place].x, x);
        if let Some((left, right)) = before {
            let (new_left, new_right) = self.ends().unwrap_or((left, right));
            let factor = ((right - left).max(10.0)) / ((new_right - new_left).max(10.0));
            return Wish::Pinch { factor, from: (left + right) / 2.0, to: (new_left + new_right) / 2.0 };
        }
        let began = self.pointers[place].began;
        if !self.moved && (x - began).abs() < STILL {
            return Wish::Nothing;
        }
        // What was held back until now comes at once.
        let from = if self.moved { old } else { began };
        self.moved = true;
        Wish::Pan(x - from)
    }

    /// A pointer goes up. Returns whether it was a tap.
    pub fn up(&mut self, id: i32) -> bool {
        let known = self.pointers.len();
        self.pointers.retain(|pointer| pointer.id != id);
        known == 1 && self.pointers.is_empty() && !self.moved
    }

    /// Whether something is being dragged.
    pub fn is_moving(&self) -> bool {
        self.moved && !self.pointers.is_empty()
    }

    /// Where two fingers are, the left one first.
    fn ends(&self) -> Option<(f64, f64)> {
        match self.pointers[..] {
            [a, b] => Some((a.x.min(b.x), a.x.max(b.x))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_movement_is_a_tap_and_a_larger_one_pans() {
        let mut gesture = Gesture::default();
        gesture.down(1, 100.0);
        assert_eq!(gesture.shift(1, 102.0), Wish::Nothing);
        assert!(gesture.up(1));
        gesture.down(1, 100.0);
        assert_eq!(gesture.shift(1, 103.0), Wish::Nothing);
        assert_eq!(gesture.shift(1, 110.0), Wish::Pan(10.0));
        assert_eq!(gesture.shift(1, 104.0), Wish::Pan(-6.0));
        assert!(gesture.is_moving() && !gesture.up(1));
    }

    #[test]
    fn two_fingers_pinch_and_the_one_that_stays_pans() {
        let mut gesture = Gesture::default();
        gesture.down(1, 100.0);
        gesture.down(2, 200.0);
        assert_eq!(gesture.shift(2, 300.0), Wish::Pinch { factor: 0.5, from: 150.0, to: 200.0 });
        assert!(!gesture.up(2));
        assert_eq!(gesture.shift(1, 90.0), Wish::Pan(-10.0));
        assert!(!gesture.up(1));
        assert_eq!(gesture.shift(1, 50.0), Wish::Nothing);
    }
}
