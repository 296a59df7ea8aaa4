"""What every page needs: registers made from columns, forms, lists, refusals, errors.

What is the framework's, what is ours in its place, and why: ``docs/framework.md``.
"""
