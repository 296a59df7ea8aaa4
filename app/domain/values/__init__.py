"""What every subject speaks in: money, days, numbers, Thai text, labelled choices, and the one refusal."""
