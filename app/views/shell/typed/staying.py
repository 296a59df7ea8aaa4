"""Answers to a form whose page stays until it knows that the form was taken."""

from flask import Flask, Response, request

STAY, LOCATION = "X-Stay", "X-Location"


def bind_staying(app: Flask) -> None:
    """Say where a taken form leads, instead of leading there: a script cannot see where it is led."""

    @app.after_request
    def tell_where(response: Response) -> Response:
        to = response.headers.get("Location")
        if STAY in request.headers and to and response.status_code in (302, 303):
            response.headers.pop("Location")
            response.headers[LOCATION] = to
            response.status_code = 200
            response.set_data(b"")
        return response
