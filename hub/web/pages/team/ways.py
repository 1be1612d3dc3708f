"""The team's page: members, roles, invitations."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import gettext

from hub.accounts import team
from hub.accounts.roles import may_give
from hub.store import invitations, users
from hub.web.pages.states import ROLES
from hub.web.pages.visits import Visit
from hub.web.pages.wings import Go, Missing, Shown, Wing

wing = Wing("team")

_PATH = "/settings/team"


@wing.way(f"GET {_PATH}", may="see")
def members(visit: Visit) -> Shown:
    """Who may do what here."""
    return _members(visit, {}, {})


@wing.way(f"POST {_PATH}/invite", may="manage", fresh=True)
def invite(visit: Visit) -> Shown:
    """A link for somebody; it is shown once, to be sent to them."""
    form = visit.form
    email = form.get("email", "").strip()[:254]
    if "@" not in email or " " in email:
        return _members(visit, form, {"email": gettext("This is not an e-mail address.")})
    try:
        with visit.ground.database.begin() as db:
            token = team.invite(db, _seat(visit), email, form.get("role", ""), visit.ground.clock())
    except team.NotAllowed:
        words = gettext("Your own role cannot give this one.")
        return _members(visit, form, {"role": words})
    link = f"{visit.ground.settings.address}/join/{token}"
    return _members(visit, {}, {}, link=link, invited=email)


@wing.way(f"POST {_PATH}/invitations/<uuid:invitation_id>/withdraw", may="manage")
def withdraw(visit: Visit, invitation_id: UUID) -> Go:
    """Take an invitation back."""
    with visit.ground.database.begin() as db:
        if not invitations.withdraw(db, visit.workspace_id, invitation_id):
            raise Missing
    return Go(_PATH, said=gettext("The invitation is taken back: its link opens nothing any more."))


@wing.way(f"POST {_PATH}/<uuid:user_id>/role", may="manage", fresh=True)
def change_role(visit: Visit, user_id: UUID) -> Go:
    """Another role for a member."""
    role = visit.form.get("role", "")
    if role not in ROLES:
        raise Missing
    try:
        with visit.ground.database.begin() as db:
            team.change_role(db, _seat(visit), user_id, role, visit.ground.clock())
    except team.NotThere:
        raise Missing from None
    except team.NotAllowed:
        return Go(
            _PATH, said=gettext("Nothing was changed: your own role cannot give or take this one.")
        )
    except team.LastOwner:
        return Go(_PATH, said=_last_owner())
    return Go(_PATH, said=gettext("The role is changed."))


@wing.way(f"POST {_PATH}/<uuid:user_id>/out", may="see", fresh=True)
def take_out(visit: Visit, user_id: UUID) -> Go:
    """Take a member out; anybody may take themselves out."""
    try:
        with visit.ground.database.begin() as db:
            team.take_out(db, _seat(visit), user_id, visit.ground.clock())
    except team.NotThere:
        raise Missing from None
    except team.NotAllowed:
        return Go(
            _PATH, said=gettext("Nothing was changed: your own role cannot give or take this one.")
        )
    except team.LastOwner:
        return Go(_PATH, said=_last_owner())
    return Go(_PATH, said=gettext("They are out of the team, and signed out everywhere."))


def _last_owner() -> str:
    return str(
        gettext("Nothing was changed: a workspace keeps an owner. Make somebody else one first.")
    )


def _seat(visit: Visit) -> Mapping[str, object]:
    if visit.seat is None:
        raise Missing
    return visit.seat


def _members(visit: Visit, form: Mapping[str, str], wrong: Mapping[str, str], **more: str) -> Shown:
    now, role = visit.ground.clock(), str(_seat(visit)["role"])
    with visit.ground.database.begin() as db:
        found = users.team(db, visit.workspace_id)
        invited = invitations.listed(db, visit.workspace_id, now)
    gives = [(name, words) for name, words in ROLES.items() if may_give(role, name)]
    values = {
        "members": found, "invitations": invited, "form": {"role": "editor", **form},
        "wrong": wrong, "gives": gives, "may_give": may_give, "role": role, **more,
    }  # fmt: skip
    return Shown("team/team.html", values, 422 if wrong else 200)
