"""What is known of a cooperative, and the imports of its registers."""
