"""Notices, the outbox and the audit trail."""
