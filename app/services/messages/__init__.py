"""Telling people something: a notice in the product and a mail in the outbox."""
