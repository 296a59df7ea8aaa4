"""Many people who press a button at the same moment, each with a browser and a thread of their own."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from werkzeug.test import TestResponse

from tests.client import FundClient, signed
from tests.place import signed_in

Send = Callable[[], TestResponse]


def browser(app: Flask, username: str) -> FundClient:
    return signed_in(app, username)


def ready(client: FundClient, path: str, form: dict[str, str], *, page: str = "/") -> Send:
    """A request with everything but the last press of the button."""
    token = client.token(page)
    return lambda: client.post(path, data={"csrf_token": token, **signed(path, form)})


def at_once(sends: Sequence[Send]) -> list[TestResponse]:
    """Press all the buttons at the same moment."""
    start = Barrier(len(sends))

    def press(send: Send) -> TestResponse:
        start.wait(30)
        return send()

    with ThreadPoolExecutor(len(sends)) as pool:
        return list(pool.map(press, sends))


def statuses(answers: Sequence[TestResponse]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)
