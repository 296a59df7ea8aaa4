"""Who people are to the product: the roles, and which of them stand on the cooperative's side."""

from app.domain.values.labels import LabelledEnum
from app.domain.values.text import N_


class Role(LabelledEnum):
    """The nine roles of people, and the system itself for moves made by the clock."""

    PREPARER = "cooperative_preparer", N_("Cooperative officer (prepares)")
    SIGNATORY = "cooperative_signatory", N_("Cooperative signatory (submits)")
    PROVINCIAL_OFFICER = "provincial_officer", N_("Provincial officer")
    FUND_OFFICER = "fund_officer", N_("Fund officer")
    FINANCE_OFFICER = "finance_officer", N_("Finance officer")
    COMMITTEE = "committee", N_("Committee member")
    MANAGER = "manager", N_("Executive")
    AUDITOR = "auditor", N_("Inspector")
    ADMINISTRATOR = "administrator", N_("System administrator")
    SYSTEM = "system", N_("The system")


COOPERATIVE = frozenset({Role.PREPARER, Role.SIGNATORY})
