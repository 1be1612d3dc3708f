"""What a whole reply means: leave, come back, yes, no, another date. Anything else is talk."""

import re
import unicodedata
from enum import StrEnum


class Keyword(StrEnum):
    """How a reply is understood."""

    STOP = "stop"
    START = "start"
    YES = "yes"
    NO = "no"
    REPORT = "report"
    OTHER = "other"


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
        yes, y, yep, yeah, yup, sure, ok, okay, confirm, confirmed, i confirm, i will be there
        oui, ouais, d accord, confirme, je confirme, c est ok, je viens, je serai la
        si, vale, claro, confirmo, si confirmo, de acuerdo, ahi estare
        confermo, certo, va bene, si confermo, confermato, ci saro
        ja, jawohl, gerne, einverstanden, ich komme, bestaetigt, bestatigt, bestaetige, bestatige,
        ja gerne
    """,
    Keyword.NO: """
        no, n, nope, nah, not coming, i can t, i cannot
        non, je ne viens pas, je ne peux pas
        no puedo, no voy
        non posso, non vengo
        nein, nee, ich kann nicht, ich komme nicht
    """,
    Keyword.REPORT: """
        report, postpone, reschedule, move, change, another time, later
        reporter, decaler, deplacer, je reporte, plus tard, autre date, changer
        aplazar, posponer, cambiar, reprogramar, otra fecha, mas tarde
        rinvia, rinviare, rimanda, rimandare, sposta, spostare, posticipa, altra data, piu tardi
        verschieben, verlegen, umbuchen, anderer termin, spaeter, spater
    """,
}
_POLITE = frozenset(
    re.split(r"\s+", "please pls plz thanks thx svp stp merci gracias grazie prego bitte danke")
)
_ALSO_TO = frozenset({"au", "to", "al", "an", "a"})  # "STOP au 36034"

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


def read(text: str, stop_code: str | None = None) -> Keyword:
    """What the reply says as a whole; a keyword inside a sentence says nothing.

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
    return _MEANS.get(" ".join(words), Keyword.OTHER)


def _is_stop_to(words: list[str], stop_code: str) -> bool:
    """ "stop 36034", "stop36034", "stop au 36 034", for the code of this workspace alone."""
    code = re.sub(r"\D", "", stop_code)
    asked = "".join(word for word in words if word not in _ALSO_TO)
    return code != "" and asked in (f"stop{code}", f"arret{code}")
