"""Who wants offers, as the hub knows it by now: whichever system, or the phone, told it."""

from collections.abc import Mapping

from hub.local.demo.people import RESIDENTS, Resident
from hub.local.demo.town import Town
from hub.store import consent


def words_by_person(town: Town) -> Mapping[str, str]:
    """For each resident the name of the words to say."""
    tokens = [town.token_of(one.number) for one in RESIDENTS]
    with town.ground.database.begin() as db:
        known = consent.standing(db, [town.workspace_id], tokens)
    found = {token: standing for (_, token), standing in known.items()}
    each = zip(RESIDENTS, tokens, strict=True)
    return {one.slug: _word(one, found.get(token)) for one, token in each}


def _word(person: Resident, known: consent.Standing | None) -> str:
    if not person.mobile:
        return "landline"
    if known is not None and known.stop is not None:
        return "stopped_all"
    # Before anybody was asked: what they will tick in the shop.
    agrees = person.consent
    if known is not None and known.marketing is not None:
        agrees = known.marketing.verdict in ("granted", "resumed")
    return "agrees" if agrees else "disagrees"
