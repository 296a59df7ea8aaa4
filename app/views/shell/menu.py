"""The menu as each person sees it: worked out and drawn once for every set of permissions, not once for every page."""

from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, request
from flask_appbuilder import AppBuilder
from flask_appbuilder.menu import MenuItem
from markupsafe import Markup

from app.security.manager import Pairs
from app.ui.language import current_locale


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu; its address lacks the prefix the product may be served under."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Group:
    """Pages under one heading; never empty."""

    label: str
    entries: tuple[Entry, ...]


def bind_menu(app: Flask, builder: AppBuilder) -> None:
    """Give templates ``menu()`` and ``menu_groups()``; the pages of the menu are all registered by now."""

    # By the permissions themselves, so that what is kept can never be another person's or older than they are.
    @lru_cache(maxsize=64)
    def groups(allowed: Pairs) -> tuple[Group, ...]:
        found = [Group(str(group.label), _entries(app, group, allowed)) for group in builder.menu.get_list()]
        return tuple(group for group in found if group.entries)

    @lru_cache(maxsize=1024)
    def drawn(shown: tuple[Group, ...], language: str, root: str, here: str) -> Markup:
        template = app.jinja_env.get_template("appbuilder/navbar_menu.html")
        return Markup(template.render(groups=shown, root=root, here=here))  # noqa: S704  a page of ours

    def menu() -> Markup:
        shown = groups(builder.sm.permissions())
        here = request.path if any(page.address == request.path for group in shown for page in group.entries) else ""
        return drawn(shown, current_locale(), request.script_root, here)

    app.jinja_env.globals["menu"] = menu
    app.jinja_env.globals["menu_groups"] = lambda: groups(builder.sm.permissions())


def _entries(app: Flask, group: MenuItem, allowed: Pairs) -> tuple[Entry, ...]:
    addresses = app.url_map.bind("")
    return tuple(
        Entry(str(item.label), addresses.build(f"{item.baseview.endpoint}.{item.baseview.default_view}"))
        for item in group.childs
        if _opens(item, allowed)
    )


def _opens(item: MenuItem, allowed: Pairs) -> bool:
    view = item.baseview
    return (f"can_{view.get_method_permission(view.default_view)}", view.class_permission_name) in allowed
