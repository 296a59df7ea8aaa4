"""Jinja as pages use it: without work that comes to nothing and is done hundreds of times a page."""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2.compiler import CodeGenerator, Frame
from jinja2.nodes import Expr
from markupsafe import Markup, escape


def shown(value: object) -> str:
    """A value as it stands in a page; what is markup by now, as our texts and macros are, is not wrapped once more."""
    return value if type(value) is Markup else escape(value)


class PageCode(CodeGenerator):
    """The code of a template, in which values are shown by ``shown``."""

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.shown(")
        else:
            super()._output_child_pre(node, frame, finalize)


class PageEnvironment(Environment):
    """The templates' environment."""

    code_generator_class = PageCode
    shown = staticmethod(shown)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """A template without globals of its own has those of all: two maps in a chain are searched name by name."""
        return super().make_globals(d) if d else self.globals


def bind_pages(app: Flask) -> None:
    """Draw the application's pages with it; before anything else asks for the templates."""
    app.jinja_environment = PageEnvironment
