"""What the engine needs from outside, and the records that cross over."""
