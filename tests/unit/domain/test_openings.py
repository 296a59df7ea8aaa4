"""Why an identity paper is opened: some purposes speak for themselves, others are explained."""

import pytest

from app.domain.purposes import OpeningPurpose, check_purpose
from app.domain.values.errors import RuleBroken

EXPLAINED = {OpeningPurpose.COMPLAINT, OpeningPurpose.OTHER}


@pytest.mark.parametrize("purpose", OpeningPurpose)
def test_a_purpose_that_says_nothing_by_itself_is_explained(purpose: OpeningPurpose) -> None:
    check_purpose(purpose, "ตามคำขอของเจ้าของข้อมูล")
    if purpose not in EXPLAINED:
        check_purpose(purpose, "")
        return

    with pytest.raises(RuleBroken, match="what you open the document for") as refusal:
        check_purpose(purpose, "  ")
    assert refusal.value.field == "note"
