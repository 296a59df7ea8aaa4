"""Thai dates, baht, labels and form fields."""
