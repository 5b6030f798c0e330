"""What stands around every page: navigation, project switcher, who is signed in, and the warnings all pages carry?

Everything is computed when the template asks for it, so that a bare error page asks the database nothing.
"""

from __future__ import annotations

from functools import cached_property
from urllib.parse import quote

from flask import Flask, current_app, has_request_context, request
from flask_babel import get_locale, lazy_gettext

from registry.domain.permissions import Permission, Viewer
from registry.edge import clock, viewer
from registry.extensions import db, is_demo
from registry.queries import shell as queries
from registry.queries.today import needs
from registry.web import formats
from registry.web.navigation import ADMIN_PAGES, PLACES, ROLE_WORDS, Entry, Place, SwitchTo


class Shell:
    """The surroundings of one page for the present viewer."""

    @cached_property
    def viewer(self) -> Viewer:
        """Who is looking."""
        return viewer()

    @cached_property
    def signed_in(self) -> bool:
        """Whether somebody is signed in."""
        return has_request_context() and self.viewer.user_id is not None

    @cached_property
    def project(self) -> queries.ProjectLine | None:
        """The project the page is in, if it is in one."""
        reference = (request.view_args or {}).get("project_ref") if has_request_context() else None
        if not reference or not self.signed_in:
            return None
        return next((line for line in self._project_lines if line.reference == reference), None)

    @cached_property
    def around(self) -> queries.ProjectLine | None:
        """The project whose places the navigation shows: the page's, or the viewer's only one."""
        own = [line for line in self._project_lines if line.own]
        return self.project or (own[0] if len(own) == 1 else None)

    @cached_property
    def _project_lines(self) -> tuple[queries.ProjectLine, ...]:
        return queries.projects_of(db.session(), self.viewer) if self.signed_in else ()

    @cached_property
    def projects(self) -> tuple[SwitchTo, ...]:
        """The projects the viewer can switch to."""
        here = self.around.reference if self.around else None
        return tuple(
            SwitchTo(
                href=front_page(line, self.viewer),
                acronym=line.acronym,
                title=line.title,
                current=line.reference == here,
            )
            for line in self._project_lines
        )

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The rail: the places that exist and that the viewer may enter."""
        if not self.signed_in:
            return ()
        found = [self._entry(place) for place in self._open_places] if self.around else []
        admin = self._admin
        return (*found, admin) if admin else tuple(found)

    @cached_property
    def bar(self) -> tuple[Entry, ...]:
        """The bottom bar of a phone: four places and *More*, which lists the rest."""
        if not self.entries:
            return ()
        first = tuple(entry for entry in self.entries if entry.on_bar)
        href = f"/p/{quote(self.around.reference)}/more" if self.around else "/more"
        rest_is_current = request.path == href or any(entry.current for entry in self.rest)
        return (*first, Entry(href=href, label=lazy_gettext("More"), icon="dots", current=rest_is_current))

    @cached_property
    def rest(self) -> tuple[Entry, ...]:
        """What *More* lists: the places that are not on the bar."""
        return tuple(entry for entry in self.entries if not entry.on_bar)

    @cached_property
    def who(self) -> str:
        """The viewer's organisation and role, ``Police, Slovenia · coordinator``: functions, not names."""
        project_id = self.around.id if self.around else None
        held = [m for m in self.viewer.memberships if m.project_id == project_id] or list(self.viewer.memberships)
        if not held:
            return self.viewer.email
        first = min(held, key=lambda membership: list(ROLE_WORDS).index(membership.role))
        organisation = queries.organisation_name(db.session(), first.organisation_id)
        role = str(ROLE_WORDS[first.role])
        return f"{organisation} · {role}" if organisation else role

    @cached_property
    def front(self) -> tuple[str, bool]:
        """Where the viewer begins, for the way out of an error page; whether that is the project's Today."""
        href = front_page(self.project, self.viewer) if self.project else "/"
        return href, href.endswith("/today")

    @property
    def language(self) -> str:
        """The language of the page, for its ``lang`` attribute."""
        return str(get_locale() or "en").replace("_", "-")

    @property
    def query(self) -> str:
        """What the search box holds: the search of the page, so that it can be refined."""
        return request.args.get("q", "")[:200]

    @cached_property
    def search_href(self) -> str:
        """Where the search box sends to; nothing outside a project."""
        if self.around is None or not any(place.page == "activities" for place in self._open_places):
            return ""
        return f"/p/{quote(self.around.reference)}/activities"

    @cached_property
    def is_demo(self) -> bool:
        """Whether everything here is invented: the project, or the whole installation (decision 9)."""
        return bool(self.around and self.around.is_demo) or is_demo(current_app)

    @property
    def insecure_cookies(self) -> bool:
        """Whether cookies travel without protection; every page shows it (decision 10)."""
        config = current_app.config
        return bool(config.get("REGISTRY_INSECURE_COOKIES") or config.get("INSECURE_COOKIES"))

    @property
    def account_href(self) -> str:
        """The viewer's own account."""
        return "/account/"

    @property
    def sign_in_href(self) -> str:
        """Where to sign in; nothing on the page that does it."""
        return "" if not has_request_context() or request.path.startswith("/login") else "/login"

    @cached_property
    def _open_places(self) -> list[Place]:
        return [place for place in PLACES if self._may_enter(place) and exists(f"/p/<project_ref>/{place.page}")]

    def _may_enter(self, place: Place) -> bool:
        if self.around is None:
            return False
        if self.around.read_only:
            return place.permission is Permission.ACTIVITY_VIEW and place.page != "today"
        return self.viewer.may(place.permission, self.around.id)

    @property
    def _admin(self) -> Entry | None:
        href = administration(self.viewer)
        if not href:
            return None
        here = request.path.startswith("/admin")
        return Entry(href=href, label=lazy_gettext("Admin"), icon="settings", current=here, gap=True)

    def _entry(self, place: Place) -> Entry:
        href = f"/p/{quote(self.around.reference if self.around else '')}/{place.page}"
        return Entry(
            href=href,
            label=place.label,
            icon=place.icon,
            current=request.path == href or request.path.startswith(f"{href}/"),
            gap=place.gap,
            on_bar=place.on_bar,
            count=self._count(place.page),
            hot=place.page == "today",
        )

    def _count(self, page: str) -> str:
        if self.project is None or page not in ("today", "activities"):
            return ""
        now = clock().now()
        if page == "today":
            open_tasks = needs(db.session(), self.viewer, self.project.id, now)
            return formats.number(open_tasks) if open_tasks else ""
        number = queries.listed(db.session(), self.viewer, self.project.id, now)
        more = number > queries.COUNTED_UP_TO
        return f"{formats.number(queries.COUNTED_UP_TO)}+" if more else formats.number(number)


def exists(rule: str) -> bool:
    """Whether the application has a page at this rule, so that no link leads nowhere."""
    rules: set[str] = current_app.extensions["registry.rules"]
    if not rules:
        rules.update(known.rule.rstrip("/") for known in current_app.url_map.iter_rules())
    return rule in rules


def administration(asking: Viewer) -> str:
    """The administration page a viewer begins with; nothing for who administers nothing."""
    return next((page for page, right in ADMIN_PAGES if asking.may(right) and exists(page)), "")


def front_page(line: queries.ProjectLine, asking: Viewer) -> str:
    """The page a viewer begins with in a project: Today; the list of what can only be read; else administration."""
    if line.read_only:
        return f"/p/{quote(line.reference)}/activities"
    if not asking.may(Permission.ACTIVITY_VIEW, line.id) and administration(asking):
        return administration(asking)
    return f"/p/{quote(line.reference)}/today"


def install(app: Flask) -> None:
    """Register the template filters and ``shell``, which the layout draws."""
    formats.install(app)
    app.extensions["registry.rules"] = set()
    app.context_processor(lambda: {"shell": Shell()})
