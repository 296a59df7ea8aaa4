"""Who works while parts go away (``bench.soak``): they try again while something is away, and note every answer."""

import hashlib
import re
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import count
from typing import Any
from uuid import uuid4

import requests

from tests import make
from tests.make_files import pdf_bytes

SIGNATORIES = 4
PAUSE = 1.5  # seconds a person waits before the next act
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="\w+-version"[^>]*value="(\d+)"')
AWAY, DONE_ALREADY = 503, 409


class Person:
    """Somebody at a browser who tries again as long as something is away, and notes every answer."""

    def __init__(self, address: str, username: str, seen: Counter[tuple[str, int]]) -> None:
        self.address, self.seen, self.kind = address, seen, username.rstrip("0123456789")
        self.http = requests.Session()
        self.username = username
        self.token = ""

    def ask(self, method: str, path: str, **how: Any) -> requests.Response:
        """Ask until it is neither told that something is away nor cut off."""
        while True:
            try:
                answer = self.http.request(method, self.address + path, timeout=90, allow_redirects=False, **how)
            except requests.RequestException:
                self.seen[self.kind, 0] += 1
            else:
                self.seen[self.kind, answer.status_code] += 1
                if answer.status_code != AWAY:
                    return answer
            time.sleep(PAUSE)

    def page(self, path: str) -> str:
        answer = self.ask("GET", path)
        found = TOKEN.search(answer.text)
        self.token = found[1] if found else self.token
        return answer.text

    def send(self, path: str, form: dict[str, str], **how: Any) -> requests.Response:
        return self.ask("POST", path, data={"csrf_token": self.token, **form}, **how)

    def sign_in(self) -> "Person":
        self.page("/login/")
        if self.send("/login/", {"username": self.username, "password": make.PASSWORD}).status_code != 302:
            raise SystemExit(f"{self.username} cannot sign in")
        self.page("/")
        return self

    def move(self, key: int, name: str, page: str, **form: str) -> bool:
        """Make a move; one that was made although its answer was lost is done, too."""
        found = VERSION.search(self.page(page))
        if found is None:
            return False
        answer = self.send(f"/track/{key}/move/{name}", {f"{name}-version": found[1], **form})
        return answer.status_code in (302, DONE_ALREADY)


class Work:
    """What the people do, and what they were told is done."""

    def __init__(self, address: str, programme: int, paper: int) -> None:
        self.address, self.programme, self.paper = address, programme, paper
        self.seen: Counter[tuple[str, int]] = Counter()
        self.drafts: list[int] = []
        self.files: list[str] = []
        self.submitted: list[int] = []
        self.received: list[int] = []
        self.faults: list[str] = []

    def signatory(self, number: int, until: float) -> None:
        """Write an application, attach its paper, send it; again and again."""
        person = Person(self.address, f"signatory{number}", self.seen).sign_in()
        while time.monotonic() < until:
            form = {"programme": str(self.programme), "amount": "1,000", "months": "12", "purpose": "ให้สมาชิกกู้"}
            form |= {"beneficiaries": "10", "member_rate": "4", "request_key": str(uuid4())}
            answer = person.send("/apply/new", form)
            found = re.search(r"/apply/(\d+)/", answer.headers.get("Location", ""))
            if found is None:
                self.faults.append(f"a draft was answered with {answer.status_code}")
                continue
            key = int(found[1])
            self.drafts.append(key)
            content = pdf_bytes(str(uuid4()))
            attached = person.send(
                f"/apply/{key}/attach/{self.paper}",
                {"key": str(uuid4())},
                files={"files": ("ก.pdf", content)},
                headers={"Accept": "application/json"},
            )
            if attached.status_code != 200:
                self.faults.append(f"a file was answered with {attached.status_code}")
                continue
            self.files.append(hashlib.sha256(content).hexdigest())
            if person.move(key, "submit", f"/apply/{key}/check", **{"submit-declared": "y"}):
                self.submitted.append(key)
            else:
                self.faults.append(f"application {key} could not be sent")
            time.sleep(PAUSE)

    def officer(self, until: float) -> None:
        """Receive what was sent."""
        person = Person(self.address, "officer", self.seen).sign_in()
        while time.monotonic() < until:
            for key in self.submitted[len(self.received) :]:
                if not person.move(key, "receive", f"/track/{key}"):
                    self.faults.append(f"application {key} could not be received")
                self.received.append(key)
            time.sleep(PAUSE)

    def reader(self, username: str, paths: list[str], until: float) -> None:
        person = Person(self.address, username, self.seen)
        if username != "visitor":
            person.sign_in()
        for turn in count():
            if time.monotonic() > until:
                return
            answer = person.ask("GET", paths[turn % len(paths)])
            if answer.status_code != 200:
                self.faults.append(f"{username} {paths[turn % len(paths)]}: {answer.status_code}")
            time.sleep(PAUSE)

    def threads(self, until: float) -> list[threading.Thread]:
        works: list[tuple[Callable[..., None], tuple[Any, ...]]] = [
            *((self.signatory, (number, until)) for number in range(SIGNATORIES)),
            (self.officer, (until,)),
            (self.reader, ("visitor", ["/", "/quote/", "/login/"], until)),
            (self.reader, ("auditor", ["/applications/list/", "/audit/list/", "/api/v1/application/"], until)),
            (self.reader, ("manager", ["/", "/dashboard/", "/applications/list/"], until)),
        ]
        return [threading.Thread(target=work, args=arguments) for work, arguments in works]
