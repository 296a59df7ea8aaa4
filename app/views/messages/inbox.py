"""A person's notices."""

from datetime import UTC, datetime

from flask import abort, redirect, url_for
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.decorators import has_access
from flask_babel import gettext
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from app.domain.occasions import OCCASIONS, happened
from app.extensions import db
from app.models.notices import Notice
from app.ui.formatting import be_datetime
from app.views.shell.pages import Answer, FundView
from app.views.shell.places import row_id

SHOWN = 100


class NoticeView(FundView):
    """What happened to applications and cooperatives that concern the person."""

    route_base = "/notices"
    default_view = "inbox"

    @expose("/", methods=["GET"])
    @has_access
    def inbox(self) -> Answer:
        notices = db.session.scalars(
            select(Notice).order_by(Notice.id.desc()).limit(SHOWN + 1).options(selectinload(Notice.application))
        ).all()
        rows = [
            {
                "id": notice.id,
                "when": be_datetime(notice.at),
                "what": gettext(happened(notice.move)),
                "application": notice.application,
                "about": notice.about,
                "unread": notice.read_at is None,
            }
            for notice in notices[:SHOWN]
            if notice.application is not None or notice.about
        ]
        return self.render_template(
            "notices/inbox.html", rows=rows, newest=SHOWN if len(notices) > SHOWN else 0, title=gettext("Notices")
        )

    @expose("/<pk>/read", methods=["POST"])
    @has_access
    def read(self, pk: str) -> Answer:
        """Mark one notice (or ``all``) as read, and go to its application if it is about one."""
        key = row_id(pk)
        if key is None and pk != "all":
            abort(404)
        moment = datetime.now(UTC)
        if key is None:
            db.session.execute(update(Notice).where(Notice.read_at.is_(None)).values(read_at=moment))
            db.session.commit()
            return redirect(url_for("NoticeView.inbox"))
        notice = db.session.scalar(select(Notice).where(Notice.id == key))
        if notice is None:
            abort(404)
        notice.read_at = notice.read_at or moment
        application_id, leads_to = notice.application_id, OCCASIONS[notice.move].leads_to
        db.session.commit()
        if application_id is None:
            return redirect(url_for(leads_to or "NoticeView.inbox"))
        return redirect(url_for("TrackView.show", pk=application_id))
