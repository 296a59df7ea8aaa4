"""What every page needs: registers made from columns, forms, lists, refusals, errors."""
