"""Whether a cooperative may borrow, judged alike for every reader."""
