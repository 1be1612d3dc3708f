"""What a whole reply means: leave, come back, yes, no, another date. Anything else is talk."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class Keyword(StrEnum):
    """How a reply is understood."""

    STOP = "stop"
    START = "start"
    YES = "yes"
    NO = "no"
    REPORT = "report"
    OTHER = "other"


# What a merchant may give words of their own, and how many.
OWN = (Keyword.STOP, Keyword.START, Keyword.YES, Keyword.NO, Keyword.REPORT)
MOST_OWN, LONGEST_OWN = 30, 60

# Without case or accents; "arrêt" and "Désabonner" read as "arret" and "desabonner". German
# umlauts are listed both ways, as people without the key write "ae".
_WORDS: dict[Keyword, str] = {
    Keyword.STOP: """
        stop, stopall, stop all, unsubscribe, unsubscribe me, cancel, end, quit, optout, opt out,
        revoke, remove me, stop sms, sms stop, stop texting, stop messages
        arret, arreter, arretez, stopper, desabonner, desabonnement, desabonnez moi,
        me desabonner, se desabonner, desinscrire, desinscription, desinscrivez moi,
        me desinscrire, stop pub, arret sms
        baja, alto, parar, cancelar, dar de baja, darme de baja, darse de baja, dame de baja,
        desuscribir, desuscribirme, cancelar suscripcion, no mas, no mas mensajes
        annulla, disiscrivi, disiscrivimi, disiscrizione, disiscrivermi, ferma, fermare,
        cancellami, rimuovimi, basta, annulla iscrizione
        stopp, stoppen, abmelden, abmeldung, abbestellen, abbestellung, ende, beenden, austragen,
        widerruf, widerrufen, kuendigen, kundigen, aufhoeren, aufhoren
        sair, afmelden, avsluta, afmeld, стоп, στοπ, הסר
    """,
    Keyword.START: """
        start, unstop, resume, subscribe, resubscribe, opt in, optin
        reprendre, reprise, reabonner, reabonnement, me reabonner, reabonnez moi, se reabonner
        alta, darme de alta, reanudar, iniciar, suscribir, suscribirme
        riprendi, riprendere, iscrivi, iscrivimi, riattiva
        starten, anmelden, anmeldung, fortsetzen
    """,
    Keyword.YES: """
        yes, y, yep, yeah, yup, sure, ok, okay, confirm, confirmed, i confirm, i will be there,
        yes i confirm, yes confirmed, yes i will be there, i ll be there, yes i ll be there, yes ok,
        ok yes, i will come
        oui, ouais, d accord, confirme, je confirme, c est ok, je viens, je serai la,
        oui je confirme, oui je viens, oui je serai la, oui d accord, oui c est bon,
        c est bon, entendu, ok oui, oui ok, je viendrai
        si, vale, claro, confirmo, si confirmo, de acuerdo, ahi estare, si vale, si claro,
        alli estare, si ahi estare, confirmado, ire
        confermo, certo, va bene, si confermo, confermato, ci saro, si va bene, si certo,
        si ci saro, vengo
        ja, jawohl, gerne, einverstanden, ich komme, bestaetigt, bestatigt, bestaetige, bestatige,
        ja gerne, ja ich komme, ja passt, ja bestaetigt, ja bestatigt, ich bestaetige,
        ich bestatige, in ordnung
    """,
    Keyword.NO: """
        no, n, nope, nah, not coming, i can t, i cannot, i can t come, i cannot come, can t come,
        i can t make it, i cannot make it, can t make it, i m not coming, i won t come, no i can t,
        no i cannot
        non, je ne viens pas, je ne peux pas, je ne peux pas venir, je ne viendrai pas,
        non je ne peux pas, non je ne viens pas, non je ne peux pas venir
        no puedo, no voy, no puedo ir, no podre ir, no ire, no no puedo
        non posso, non vengo, non posso venire, no non posso, no non vengo, non verro
        nein, nee, ich kann nicht, ich komme nicht, ich kann nicht kommen, ich kann leider nicht,
        ich komme leider nicht, nein ich komme nicht, nein ich kann nicht
    """,
    Keyword.REPORT: """
        report, postpone, reschedule, move, change, another time, later, another day, another slot,
        another date, other date, change date, change the date, new date, rebook
        reporter, decaler, deplacer, je reporte, plus tard, autre date, changer, une autre date,
        autre creneau, un autre creneau, autre jour, changer de date, changer la date,
        je veux reporter, je voudrais reporter, je souhaite reporter
        aplazar, posponer, cambiar, reprogramar, otra fecha, mas tarde, otro dia, otra hora, cambio,
        cambiar fecha, cambiar la fecha, cambiar cita, cambiar la cita
        rinvia, rinviare, rimanda, rimandare, sposta, spostare, posticipa, altra data, piu tardi,
        un altra data, altro giorno, un altro giorno, altro orario, cambiare, cambiare data
        verschieben, verlegen, umbuchen, anderer termin, spaeter, spater, anderer tag, neuer termin,
        anderes datum, ein anderer termin, termin verschieben, bitte termin verschieben
    """,
}
_POLITE = frozenset(
    re.split(r"\s+", "please pls plz thanks thx svp stp merci gracias grazie prego bitte danke")
)
_ALSO_TO = frozenset({"au", "to", "al", "an", "a"})  # "STOP au 36034"

_BEFORE_NUMBER = frozenset({"nr", "num", "numero", "number", "option", "nummer"})

_NUMBER_SIGN = re.compile(r"\bn\s*°|\bno(?=\d)|#")  # "n° 2", "nº2"; never "no 2"
_LONGEST_REPLY = 300  # characters; no keyword is near, and strangers may send a megabyte
_WORD = re.compile(r"[^\W_]+")


def _plain(text: str) -> str:
    """Small letters without accents and without invisible characters."""
    pieces = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in pieces if unicodedata.category(c) not in ("Mn", "Me", "Cf"))


_MEANS: dict[str, Keyword] = {
    phrase.strip(): keyword
    for keyword, phrases in _WORDS.items()
    for phrase in re.split(r"[,\n]", _plain(phrases))
    if phrase.strip()
}


def words_of(keyword: Keyword) -> list[str]:
    """All that is understood so, in every language, as it is compared: small, without accents."""
    return [phrase for phrase, meant in _MEANS.items() if meant == keyword]


def compared(phrase: str) -> str:
    """A wording as it is compared: small, without accents and punctuation."""
    return " ".join(_WORD.findall(_plain(phrase)))


def unfit(phrase: object, means: str) -> str:
    """Why a merchant's own wording of a meaning cannot be used; "" where it can."""
    said = compared(phrase) if isinstance(phrase, str) else ""
    if not said or len(str(phrase)) > LONGEST_OWN:
        return f"must be a word or a few, of at most {LONGEST_OWN} characters."
    if said.replace(" ", "").isdecimal():
        return "must have letters: a number alone chooses among times that were offered."
    meant = _MEANS.get(said)
    if meant and meant != means:
        return f"is understood as {meant.value.upper()} already, by everybody."
    return ""


def own_words(document: Mapping[str, Any]) -> dict[str, Keyword]:
    """A merchant's own wordings as they are compared, from {"yes": ["présent"]}. STOP stands first:
    where one wording was given two meanings, the safer holds."""
    found: dict[str, Keyword] = {}
    for means in OWN:
        given: Sequence[Any] = document.get(means) or ()
        for phrase in given if isinstance(given, list | tuple) else ():
            if not unfit(phrase, means):
                found.setdefault(compared(phrase), Keyword(means))
    return found


def read(
    text: str, stop_code: str | None = None, own: Mapping[str, Keyword] | None = None
) -> Keyword:
    """What the reply says as a whole; a keyword inside a sentence says nothing. `own` are words
    of the merchant's (`own_words`), beside those that hold for everybody.

    Case, accents, punctuation and emoji do not matter, "S T O P" is STOP, and so is STOP with
    the workspace's own `stop_code` after it ("STOP 36034"), but not with any other number.
    """
    words = _WORD.findall(_plain(text[:_LONGEST_REPLY])) if len(text) <= _LONGEST_REPLY else []
    if not words:
        return Keyword.OTHER
    if stop_code and _is_stop_to(words, stop_code):
        return Keyword.STOP
    if all(word == words[0] for word in words):
        words = words[:1]  # "STOP STOP STOP"
    elif all(len(word) == 1 for word in words):
        words = ["".join(words)]
    elif len(words) == 2:
        words = [word for word in words if word not in _POLITE]
    said = " ".join(words)
    return _MEANS.get(said) or (own or {}).get(said, Keyword.OTHER)


def choice(text: str) -> int:
    """The number that the reply as a whole is, «2», «2.», «n° 2», «2 please»; 0 for anything else.

    Numbers of one digit only: nobody is offered more, and «14» is an hour or a day.
    """
    if len(text) > _LONGEST_REPLY:
        return 0
    bare = _NUMBER_SIGN.sub(" ", _plain(text))
    words = [w for w in _WORD.findall(bare) if w not in _POLITE and w not in _BEFORE_NUMBER]
    alone = len(words) == 1 and len(words[0]) == 1 and words[0].isdecimal()
    return int(words[0]) if alone else 0


def _is_stop_to(words: list[str], stop_code: str) -> bool:
    """ "stop 36034", "stop36034", "stop au 36 034", for the code of this workspace alone."""
    code = re.sub(r"\D", "", stop_code)
    asked = "".join(word for word in words if word not in _ALSO_TO)
    return code != "" and asked in (f"stop{code}", f"arret{code}")
