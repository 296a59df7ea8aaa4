"""Mail leaves the outbox once, in Thai, to a real server; what cannot leave is tried again and then given up."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from socket import socket
from threading import Barrier, Lock
from time import sleep
from typing import Any, cast

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import delete, select

from app.commands import worker
from app.commands.worker import work_forever
from app.domain.roles import Role
from app.domain.states import State
from app.domain.workflow import MOVES
from app.extensions import db
from app.models.audit import AuditEvent
from app.models.jobs import JobRound
from app.models.notices import MailStatus, OutboxMail
from app.models.transaction import writing
from app.security.scope import unscoped
from app.services.applications.effects import MoveRequest
from app.services.applications.moves import move
from app.services.applications.told import tell_of
from app.services.jobs import delivery, due_work
from app.services.jobs.delivery import BATCH, LEASE, deliver, message_of
from app.services.jobs.due_work import run_due_work
from tests import make
from tests.client import FundClient
from tests.forms import page
from tests.place import signed_in

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
SUBJECT = "คำขอกู้เงินเลขที่ คก.0001/2570: มีเรื่องแจ้งให้ทราบ"
BODY = "เรียน สหกรณ์ออมทรัพย์ทดสอบ จำกัด\n\nโปรดแนบ “งบการเงิน” ฉบับล่าสุด"

ODD = "=?utf-8?q?a=0Ab?=@b.co"


class Postman:
    """Keeps what arrives; refuses or dawdles when told to."""

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.refusal = ""
        self.unknown = ""
        self.seconds = 0.0
        self.lock = Lock()

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address == self.unknown:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refusal:
            return self.refusal
        sleep(self.seconds)
        with self.lock:
            self.arrived.append(cast(EmailMessage, message_from_bytes(envelope.original_content, policy=default)))
        return "250 OK"


@pytest.fixture
def postman() -> Iterator[tuple[Postman, str]]:
    """A mail server of the test's own, and its address."""
    handler = Postman()
    with socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def settings(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Sets where mail goes, for one test."""
    return lambda url: monkeypatch.setitem(app.config, "SMTP_URL", url)


def write(app: Flask, number: int = 1, **values: Any) -> None:
    with make.rows(app):
        row = make.application(State.SUBMITTED)
        for place in range(number):
            given = {
                "cooperative_id": row.cooperative_id,
                "application_id": row.id,
                "recipient": f"person{place}@example.org",
                "subject": SUBJECT,
                "body": BODY,
                "message_id": f"<mail-{place}@example.org>",
                "created_at": NOW,
                "waiting_since": NOW,
                "next_try_at": NOW,
            }
            db.session.add(OutboxMail(**{**given, **values}))


def run(app: Flask, at: datetime = NOW) -> int:
    with app.app_context():
        return run_due_work(at)["sent"]


def mails(app: Flask) -> list[OutboxMail]:
    with make.rows(app):
        found = list(db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)))
        db.session.expunge_all()
        return found


# A server


def test_mail_arrives_in_thai_with_its_message_id(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    write(app)

    sent = run(app)

    (message,) = handler.arrived
    assert sent == 1
    assert message["Subject"] == SUBJECT
    assert message.get_content().strip().splitlines() == BODY.splitlines()
    assert message["To"] == "person0@example.org"
    assert message["From"] == app.config["MAIL_FROM"]
    assert message["Message-ID"] == "<mail-0@example.org>"
    assert message["Date"].datetime == NOW
    (mail,) = mails(app)
    assert (mail.status, mail.tries, mail.sent_at, mail.last_error) == (MailStatus.SENT, 1, NOW, None)


def test_mail_of_a_move_arrives(app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]) -> None:
    handler, url = postman
    settings(url)
    with make.rows(app):
        cooperative = make.cooperative(email="office@example.or.th")
        signatory = make.person(Role.SIGNATORY, of=cooperative, username="signatory")
        row = make.application(of=cooperative)
        with make.acting(signatory) as person:
            number = move(row.id, MoveRequest("submit", row.version), person, NOW).number

    run(app)

    assert {message["To"] for message in handler.arrived} == {"office@example.or.th", "signatory@example.org"}
    assert all(str(number) in message["Subject"] for message in handler.arrived)
    assert all(cooperative_line(message).endswith("จำกัด") for message in handler.arrived)


def cooperative_line(message: EmailMessage) -> str:
    return str(message.get_content()).splitlines()[0].strip()


def test_sent_mail_is_not_sent_again(app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]) -> None:
    handler, url = postman
    settings(url)
    write(app)

    assert [run(app), run(app), run(app, NOW + timedelta(days=1))] == [1, 0, 0]
    assert len(handler.arrived) == 1


def test_one_round_sends_a_batch_and_the_next_the_rest(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    write(app, BATCH + 3)

    assert [run(app), run(app)] == [BATCH, 3]
    assert len({message["Message-ID"] for message in handler.arrived}) == BATCH + 3


# Refusals


@pytest.mark.parametrize("refusal", ["451 try again later", "550 no such mailbox"])
def test_refused_mail_waits_and_is_tried_again(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None], refusal: str
) -> None:
    handler, url = postman
    settings(url)
    handler.refusal = refusal
    write(app)

    refused = run(app)
    (waiting,) = mails(app)
    too_early = run(app, NOW + timedelta(seconds=119))
    handler.refusal = ""
    sent = run(app, NOW + timedelta(minutes=2))

    (mail,) = mails(app)
    assert (refused, too_early, sent) == (0, 0, 1)
    assert (waiting.status, waiting.tries) == (MailStatus.WAITING, 1)
    assert waiting.next_try_at == NOW + timedelta(minutes=2)
    assert refusal.split()[0] in (waiting.last_error or "")
    assert (mail.status, mail.tries, mail.last_error) == (MailStatus.SENT, 2, None)
    assert handler.arrived[0]["Message-ID"] == "<mail-0@example.org>"


def test_server_away_is_no_crash(app: Flask, settings: Callable[[str], None]) -> None:
    settings("smtp://127.0.0.1:9")
    write(app)

    assert run(app) == 0

    (mail,) = mails(app)
    assert (mail.status, mail.tries) == (MailStatus.WAITING, 1)
    assert "ConnectionRefusedError" in (mail.last_error or "")


def test_mail_is_tried_for_two_days_and_then_waits_for_an_administrator(
    app: Flask, settings: Callable[[str], None]
) -> None:
    settings("smtp://127.0.0.1:9")
    write(app)
    pauses = []
    (mail,) = mails(app)
    at = mail.next_try_at

    while mail.status == MailStatus.WAITING:
        run(app, at)
        (mail,) = mails(app)
        pauses.append(mail.next_try_at - at)
        at = mail.next_try_at

    assert pauses[:7] == [timedelta(minutes=each) for each in (2, 4, 8, 16, 32, 60, 60)]
    assert timedelta(hours=48) <= at - pauses[-1] - NOW < timedelta(hours=49)
    assert mail.status == MailStatus.FAILED
    tries = mail.tries
    assert run(app, at + timedelta(days=365)) == 0
    assert mails(app)[0].tries == tries


def test_address_nobody_can_send_to_does_not_hold_the_others_up(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    handler.unknown = "nobody@example.org"
    write(app, 1, recipient="nobody@example.org", message_id="<bad@example.org>")
    write(app, 1)

    assert run(app) == 1

    assert [message["Message-ID"] for message in handler.arrived] == ["<mail-0@example.org>"]
    assert [mail.status for mail in mails(app)] == [MailStatus.WAITING, MailStatus.SENT]


def test_mail_that_cannot_be_built_does_not_hold_the_others_up(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    write(app, 1, recipient=ODD, message_id="<bad@example.org>")
    write(app, 1)

    assert run(app) == 1

    assert [message["Message-ID"] for message in handler.arrived] == ["<mail-0@example.org>"]
    odd_one, good = mails(app)
    assert (odd_one.status, odd_one.tries, good.status) == (MailStatus.WAITING, 1, MailStatus.SENT)
    assert "Error" in (odd_one.last_error or "")


def test_mail_that_cannot_be_built_is_given_up(app: Flask) -> None:
    write(app, 1, recipient=ODD, waiting_since=NOW - timedelta(hours=48))

    assert run(app) == 0

    (mail,) = mails(app)
    assert (mail.status, mail.tries) == (MailStatus.FAILED, 1)


def test_mail_that_cannot_be_built_has_a_page_that_says_so(
    demo_app: Flask, client_for: Callable[[str], FundClient]
) -> None:
    with make.rows(demo_app):
        mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id)).first()
        assert mail is not None
        mail.recipient, key = ODD, mail.id

    answer = client_for("auditor").get(f"/outbox/{key}/message.eml")

    assert answer.status_code == 400
    assert ODD in page(answer)


def test_the_worker_goes_on_after_a_round_that_failed(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    rounds: list[datetime] = []

    def fail(at: datetime, _clock: Any) -> None:
        rounds.append(at)
        raise IndexError("nobody thought of this")

    def rest(_seconds: float) -> None:
        if len(rounds) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(worker, "run_due_work", fail)
    monkeypatch.setattr(worker.time, "sleep", rest)
    with pytest.raises(KeyboardInterrupt):
        work_forever(app)

    assert len(rounds) == 3


# A server that is slow


class Watch:
    """A clock that each sending moves on."""

    def __init__(self, seconds: float) -> None:
        self.now, self.seconds = NOW, seconds

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self) -> None:
        self.now += timedelta(seconds=self.seconds)


def test_a_slow_server_gets_few_mails_a_round_and_each_tells_when_it_left(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, url = postman
    settings(url)
    write(app, 10)
    watch = Watch(8)
    hand_over = delivery._hand_over

    def slowly(*given: Any) -> None:
        hand_over(*given)
        watch.pass_by()

    monkeypatch.setattr(delivery, "_hand_over", slowly)
    with make.rows(app):
        sent = deliver(NOW, watch)

    assert sent == len(handler.arrived) == 3
    assert [mail.sent_at for mail in mails(app)[:4]] == [*(NOW + timedelta(seconds=8 * n) for n in (1, 2, 3)), None]


def test_a_mail_that_is_being_sent_is_nobody_elses_however_long_the_round_is(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, url = postman
    settings(url)
    write(app, 3)
    watch = Watch(7)
    hand_over = delivery._hand_over
    others: list[int] = []

    def meanwhile(mail_id: int, message: EmailMessage) -> None:
        hand_over(mail_id, message)
        watch.pass_by()
        if mail_id == 3:
            monkeypatch.setattr(delivery, "_hand_over", hand_over)
            with app.app_context(), writing(), unscoped():  # another worker, while the third is under way
                others.append(deliver(watch.now + timedelta(minutes=3)))

    monkeypatch.setattr(delivery, "_hand_over", meanwhile)
    with make.rows(app):
        deliver(NOW, watch)

    assert others == [0]
    assert len(handler.arrived) == 3


def test_a_lease_outlasts_a_sending() -> None:
    longest = delivery.SENDING_SECONDS + 4 * delivery.SOCKET_SECONDS

    assert LEASE.total_seconds() > 2 * longest


def test_a_server_that_is_away_is_tried_once_a_round(app: Flask, settings: Callable[[str], None]) -> None:
    settings("smtp://127.0.0.1:9")
    write(app, 5)

    run(app)

    assert [mail.tries for mail in mails(app)] == [1, 0, 0, 0, 0]


def test_a_server_that_dawdles_is_cut_off(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    handler, url = postman
    settings(url)
    handler.seconds = 1.0
    monkeypatch.setattr(delivery, "SENDING_SECONDS", 0.2)
    write(app)

    assert run(app) == 0

    (mail,) = mails(app)
    assert (mail.status, mail.tries) == (MailStatus.WAITING, 1)


def test_the_other_jobs_are_done_when_mail_fails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: Any) -> int:
        raise IndexError("nobody thought of this")

    monkeypatch.setitem(due_work.JOBS, "sent", fail)
    with app.app_context(), pytest.raises(due_work.JobsFailed) as failed:
        run_due_work(NOW)
    with app.app_context(), pytest.raises(due_work.JobsFailed):
        run_due_work(NOW + timedelta(minutes=1))

    assert list(failed.value.failures) == ["sent"]
    with make.rows(app):
        rounds = {row.job: row for row in db.session.scalars(select(JobRound))}
        assert set(rounds) == set(due_work.JOBS)
        assert (rounds["sent"].failing_since, rounds["sent"].cause) == (NOW, "IndexError")
        assert rounds["expired"].failing_since is None
        assert rounds["expired"].ended_at == NOW + timedelta(minutes=1)


def test_two_workers_end_their_first_rounds_at_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = Barrier(2)
    note = due_work._note

    def note_together(rounds: Any) -> None:
        ends.wait(30)
        note(rounds)

    monkeypatch.setattr(due_work, "_note", note_together)
    for _time in range(5):
        with make.rows(app):
            db.session.execute(delete(JobRound))
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _worker: run(app), range(2)))
        with make.rows(app):
            assert set(db.session.scalars(select(JobRound.job))) == set(due_work.JOBS)


# By a machine, about a request


def test_a_mail_says_that_a_machine_wrote_it_and_in_which_request(app: Flask) -> None:
    write(app, request_id="0A1B2C3D4E")

    with make.rows(app):
        message = message_of(db.session.scalars(select(OutboxMail)).one())

    assert message["Auto-Submitted"] == "auto-generated"
    assert message["X-Request-Id"] == "0A1B2C3D4E"
    assert message["List-Unsubscribe"] is None


# Sent again


@pytest.fixture
def stopped(app: Flask) -> FundClient:
    """Three mails that were given up, one held back and one that went out, and their administrator's browser."""
    write(app, 3, status=MailStatus.FAILED, tries=50, last_error="ConnectionRefusedError")
    write(app, 1, status=MailStatus.HELD, message_id="<held@example.org>")
    write(app, 1, status=MailStatus.SENT, message_id="<sent@example.org>")
    with make.rows(app):
        make.person(Role.ADMINISTRATOR, username="administrator")
        make.person(Role.AUDITOR, username="auditor")
    return signed_in(app, "administrator")


def states(app: Flask) -> list[str]:
    return [str(mail.status) for mail in mails(app)]


def test_the_administrators_start_page_shows_what_stopped(app: Flask, stopped: FundClient) -> None:
    text = stopped.text("/")

    assert text.count("/action/send_again/") == 4
    assert "ConnectionRefusedError" in text
    assert "send_again" not in signed_in(app, "auditor").text("/")


def test_one_some_or_all_are_sent_again(
    app: Flask, stopped: FundClient, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)

    stopped.send("/outbox/action/send_again/1")
    one = states(app)
    stopped.send("/outbox/action_post", {"action": "send_again", "rowid": ["2", "5"]})
    some = states(app)
    stopped.send("/outbox/send_all_again")

    assert one == ["waiting", "failed", "failed", "held", "sent"]
    assert some == ["waiting", "waiting", "failed", "held", "sent"]
    assert states(app) == [*["waiting"] * 4, "sent"]
    assert run(app, datetime.now(UTC)) == 4
    assert len(handler.arrived) == 4
    with make.rows(app):
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.entity == "outbox_mail")).all()
        assert len(events) == 4


def test_who_only_reads_sends_nothing_again(app: Flask, stopped: FundClient) -> None:
    auditor = signed_in(app, "auditor")

    answers = [
        auditor.send("/outbox/action/send_again/1"),
        auditor.send("/outbox/action_post", {"action": "send_again", "rowid": "1"}),
        auditor.send("/outbox/send_all_again"),
    ]

    assert {answer.status_code for answer in answers} <= {302, 403}
    assert "waiting" not in states(app)


# Files instead of a server


def test_without_a_server_mail_becomes_a_file(app: Flask) -> None:
    write(app)

    assert run(app) == 1

    (file,) = Path(app.config["OUTBOX_DIR"]).glob("*.eml")
    message = cast(EmailMessage, message_from_bytes(file.read_bytes(), policy=default))
    assert message["Subject"] == SUBJECT
    assert message.get_content().strip().splitlines() == BODY.splitlines()
    assert message["Message-ID"] == "<mail-0@example.org>"


def test_file_is_the_message_as_it_would_go_out(app: Flask) -> None:
    write(app)
    run(app)

    (file,) = Path(app.config["OUTBOX_DIR"]).glob("*.eml")

    with make.rows(app):
        assert file.read_bytes() == bytes(message_of(db.session.scalars(select(OutboxMail)).one()))


# Two workers


def test_two_workers_at_once_send_nothing_twice(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    handler.seconds = 0.02
    write(app, 20)
    start = Barrier(2)

    def work() -> int:
        start.wait(30)
        return run(app)

    with ThreadPoolExecutor(2) as pool:
        sent = [future.result() for future in [pool.submit(work) for _worker in range(2)]]

    arrived = [message["Message-ID"] for message in handler.arrived]
    assert sum(sent) == 20
    assert sorted(arrived) == sorted(f"<mail-{place}@example.org>" for place in range(20))
    assert {mail.status for mail in mails(app)} == {MailStatus.SENT}


def test_deliver_sends_the_oldest_first(
    app: Flask, postman: tuple[Postman, str], settings: Callable[[str], None]
) -> None:
    handler, url = postman
    settings(url)
    write(app, 3)

    with make.rows(app):
        deliver(NOW)

    assert [message["Message-ID"] for message in handler.arrived] == [
        f"<mail-{place}@example.org>" for place in range(3)
    ]


def test_staff_and_cooperative_read_each_their_own_letter(app: Flask) -> None:
    with make.rows(app):
        cooperative = make.cooperative(email="coop@example.com")
        officer = make.person(Role.PROVINCIAL_OFFICER)
        row = make.application(State.SUBMITTED, of=cooperative)
        tell_of(row, MOVES["submit"], None, NOW)
        db.session.flush()
        officer_email, officer_name, name = officer.email, officer.get_full_name(), row.cooperative_name
        mails = {mail.recipient: mail.body for mail in db.session.scalars(select(OutboxMail))}

    theirs, ours = mails["coop@example.com"], mails[officer_email]
    assert theirs.startswith(f"เรียน {name}\n")
    assert ours.startswith(f"เรียน {officer_name}\n")
    assert make.in_thai(app, str(MOVES["submit"].next_for_staff)) in ours
    assert make.in_thai(app, str(MOVES["submit"].next_for_staff)) not in theirs


def test_staff_read_the_exact_state(app: Flask) -> None:
    with make.rows(app):
        officer = make.person(Role.FUND_OFFICER)
        row = make.application(State.RECOMMENDED)
        tell_of(row, MOVES["recommend"], "ความเห็นของสำนักงาน", NOW)
        db.session.flush()
        body = db.session.scalars(select(OutboxMail.body).where(OutboxMail.recipient == officer.email)).one()

    assert make.in_thai(app, State.RECOMMENDED.label) in body
    assert make.in_thai(app, State.RECOMMENDED.facts.public) not in body
    assert "ความเห็นของสำนักงาน" not in body


SECRET = "เหตุผลที่คณะกรรมการไม่อนุมัติ"


@pytest.mark.parametrize(("role", "reads"), [(Role.ADMINISTRATOR, False), (Role.AUDITOR, True)])
def test_who_looks_after_the_outbox_reads_no_text_of_a_mail(app: Flask, role: Role, reads: bool) -> None:
    write(app, body=SECRET)
    with make.rows(app):
        mail = db.session.scalars(select(OutboxMail)).one()
        mail.status, mail.last_error, key = MailStatus.FAILED, "SMTPRecipientsRefused", mail.id
        make.person(role, username="reader")
    client = FundClient(app)
    client.sign_in("reader", make.PASSWORD)

    page, found = client.text(f"/outbox/show/{key}"), client.get(f"/outbox/list/?q={SECRET}").get_data(as_text=True)

    assert all(known in page for known in (SUBJECT, "SMTPRecipientsRefused", "@"))
    assert (SECRET in page) is reads
    assert "/outbox/show/" not in found  # a text that is searched is read, letter by letter
    assert client.get(f"/outbox/{key}/message.eml").status_code == (200 if reads else 403)


def test_the_subject_of_a_mail_is_the_same_whatever_happened(app: Flask) -> None:
    with make.rows(app):
        row = make.application(State.IN_REVIEW)
        row.number = "คก.0001/2570"
        make.person(Role.SIGNATORY, of=row.cooperative)
        for event in MOVES.values():
            tell_of(row, event, SECRET, NOW)
        db.session.flush()

        assert set(db.session.scalars(select(OutboxMail.subject))) == {SUBJECT}
