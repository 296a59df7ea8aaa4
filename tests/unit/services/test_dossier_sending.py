"""What a dossier takes of the disk is bounded, over all and for one person, and is given back in any case."""

import errno
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from app.domain.values.errors import RuleBroken
from app.files.store import StoreUnavailable
from app.files.zip_writing import Member
from app.services.documents import dossier_sending
from app.services.documents.dossier_sending import Outgoing, fill, outgoing

AT = datetime(2026, 11, 24, tzinfo=UTC)
MEMBERS = [Member("งบ.pdf", 700, AT, lambda: [b"x" * 700])]


pytestmark = pytest.mark.usefixtures("machine")


def test_room_is_given_back_when_the_file_is_closed_however_often() -> None:
    for _time in range(dossier_sending.MOST_OF_ONE_PERSON + 1):
        file = outgoing(MEMBERS, 1)
        fill(file, MEMBERS)
        assert file.read(2) == b"PK"
        file.close()
        file.close()


def test_room_is_given_back_of_a_file_that_nobody_took() -> None:
    for _time in range(dossier_sending.MOST_OF_ONE_PERSON + 1):
        fill(outgoing(MEMBERS, 1), MEMBERS)


def test_one_person_has_only_so_many_on_the_way() -> None:
    held = [outgoing(MEMBERS, 1) for _dossier in range(dossier_sending.MOST_OF_ONE_PERSON)]

    with pytest.raises(RuleBroken):
        outgoing(MEMBERS, 1)

    assert isinstance(outgoing(MEMBERS, 2), Outgoing)
    assert held


def test_all_together_stay_within_the_room_but_one_alone_always_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dossier_sending, "MOST_WAITING", 500)
    first = outgoing(MEMBERS, 1)

    with pytest.raises(RuleBroken):
        outgoing(MEMBERS, 2)

    first.close()
    outgoing(MEMBERS, 2).close()


def test_the_last_of_the_disk_is_left_to_what_must_be_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=dossier_sending.KEPT_FREE + 100))

    with pytest.raises(RuleBroken, match="no room"):
        outgoing(MEMBERS, 1)


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "full"), StoreUnavailable("away")])
def test_a_failure_on_the_way_is_told_and_leaves_nothing(fault: Exception) -> None:
    def broken() -> Iterator[bytes]:
        yield b"x"
        raise fault

    for _time in range(dossier_sending.MOST_OF_ONE_PERSON + 1):
        file = outgoing(MEMBERS, 1)
        with pytest.raises(StoreUnavailable):
            fill(file, [*MEMBERS, Member("away.pdf", 700, AT, broken)])
        assert file.closed
