"""``flask fund …`` and what a start has to have ready; acts for nobody, outside the row scope."""
