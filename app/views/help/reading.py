"""The help as everybody reads it, signed in or not."""

from itertools import groupby
from typing import Any

from flask import Response, abort, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext

from app.domain.file_kinds import FileKind
from app.domain.values.help_pages import PRIVACY, HelpSubject
from app.domain.values.search_words import search_words
from app.files.store import document_store
from app.models.help_pages import HelpPage, HelpTerm, HelpVersion
from app.services.help.mistakes import FEWEST, often_returned
from app.services.help.pages import page_in_use, pages_in_use, terms_in_use, version_of, versions_of
from app.services.help.pictures import picture_of
from app.ui.labels import labelled
from app.ui.language import in_english
from app.ui.markdown import as_html
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id
from app.views.shell.searching import conditions_of, searches_of

LONGEST_SEARCH = 100
KEPT_BY_BROWSERS = "public, max-age=86400"  # seconds; the bytes of a name never change


class HelpView(FundView):
    """Pages of the help by subject, found by any of their words."""

    route_base = "/help"
    default_view = "index"

    @expose("/", methods=["GET"])
    def index(self) -> Answer:
        words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        pages = pages_in_use(*conditions_of(searches_of(HelpPage, ()), words))
        terms = [term for term in terms_in_use() if _holds(term, words)] if words else []
        return self.render_template(
            "help/index.html",
            title=gettext("Help"),
            words=words,
            subjects=[
                (labelled(HelpSubject(subject)), list(rows))
                for subject, rows in groupby(pages, lambda row: row.subject)
            ],
            terms=terms,
            mistakes=not words,
        )

    @expose("/<key>", methods=["GET"])
    def page(self, key: str) -> Answer:
        found = page_in_use(key[:60])
        if found is None:
            abort(404)
        return self.render_template("help/page.html", **shown(found))

    @expose("/terms", methods=["GET"])
    def terms(self) -> Answer:
        return self.render_template("help/terms.html", title=gettext("Words explained"), terms=terms_in_use())

    @expose("/mistakes", methods=["GET"])
    def mistakes(self) -> Answer:
        found = often_returned()
        return self.render_template(
            "help/mistakes.html", title=gettext("What often has to be corrected"), found=found, fewest=FEWEST
        )

    @expose("/pictures/<public_id>", methods=["GET"])
    def picture(self, public_id: str) -> Answer:
        row = picture_of(public_id[:32])
        if row is None:
            abort(404)
        content = document_store().stream(row.storage_key) if request.method == "GET" else []
        answer = Response(content, mimetype=FileKind(row.kind).mime)
        answer.headers["Content-Length"] = str(row.size)
        answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
        answer.headers["Cache-Control"] = KEPT_BY_BROWSERS
        return answer


class PrivacyView(FundView):
    """The privacy notice: the one in force, and what it said before."""

    route_base = "/privacy"
    default_view = "notice"

    @expose("/", methods=["GET"])
    def notice(self) -> Answer:
        page = page_in_use(PRIVACY)
        if page is None:
            abort(404)
        asked = request.args.get("version", "")
        number = row_id(asked) if asked else None
        version = version_of(page.id, number)
        if version is None or (asked and number is None):
            abort(404)
        return self.render_template(
            "help/privacy.html", **shown(version), version=version, versions=versions_of(page.id)
        )


def shown(text: HelpPage | HelpVersion) -> dict[str, Any]:
    """What a page of the help shows: its title and its text, in Thai where there is no English one."""
    english = in_english() and bool(text.text_en)
    return {
        "title": (english and text.title_en) or text.title,
        "html": as_html((english and text.text_en) or text.text, request.script_root),
        "in_thai": in_english() and not english,
        "page": text,
    }


def _holds(term: HelpTerm, words: str) -> bool:
    return all(any(each in term.search_text for each in word) for word in search_words(words))
