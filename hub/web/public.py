"""Pages for people without an account: where a vendor's consent page sends the merchant back."""

from html import escape

from flask import Blueprint, Response, request

_WORDS = {
    "en": {
        "agreed": (
            "You have signed in",
            "Relais is making the connection now; it takes a few seconds. You can close this page.",
        ),
        "denied": (
            "Nothing was connected",
            "The other side did not agree. Start the connection again when you are ready.",
        ),
        "ended": (
            "This sign-in has ended",
            "It was used before, took too long, or was begun in another browser. Start it again.",
        ),
        "failed": (
            "The sign-in did not work",
            "The other side did not answer as it should. Start the connection again in a moment.",
        ),
    },
    "fr": {
        "agreed": (
            "Vous êtes connecté",
            "Relais établit la connexion ; quelques secondes suffisent. "
            "Vous pouvez fermer cette page.",
        ),
        "denied": (
            "Rien n'a été connecté",
            "L'accord n'a pas été donné. Recommencez la connexion quand vous serez prêt.",
        ),
        "ended": (
            "Cette connexion a expiré",
            "Elle a déjà servi, a pris trop de temps ou vient d'un autre navigateur. Recommencez.",
        ),
        "failed": (
            "La connexion n'a pas abouti",
            "L'autre côté n'a pas répondu comme il le devait. Recommencez dans un instant.",
        ),
    },
    "es": {
        "agreed": (
            "Has iniciado sesión",
            "Relais está creando la conexión; tarda unos segundos. Puedes cerrar esta página.",
        ),
        "denied": (
            "No se ha conectado nada",
            "No se ha dado el permiso. Empieza de nuevo cuando quieras.",
        ),
        "ended": (
            "Este inicio de sesión ha caducado",
            "Ya se usó, tardó demasiado o empezó en otro navegador. Empieza de nuevo.",
        ),
        "failed": (
            "No se ha podido iniciar sesión",
            "El otro lado no ha respondido como debía. Inténtalo de nuevo en un momento.",
        ),
    },
    "it": {
        "agreed": (
            "Hai effettuato l'accesso",
            "Relais sta creando il collegamento: bastano pochi secondi. Puoi chiudere la pagina.",
        ),
        "denied": (
            "Non è stato collegato nulla",
            "Il consenso non è stato dato. Ricomincia quando vuoi.",
        ),
        "ended": (
            "Questo accesso è scaduto",
            "È già stato usato, ha richiesto troppo tempo o viene da un altro browser. Ricomincia.",
        ),
        "failed": (
            "L'accesso non è riuscito",
            "L'altra parte non ha risposto come doveva. Riprova tra un momento.",
        ),
    },
    "de": {
        "agreed": (
            "Sie sind angemeldet",
            "Relais stellt die Verbindung her; das dauert einige Sekunden. Sie können diese Seite "
            "schließen.",
        ),
        "denied": (
            "Es wurde nichts verbunden",
            "Die Zustimmung fehlt. Beginnen Sie neu, wenn Sie so weit sind.",
        ),
        "ended": (
            "Diese Anmeldung ist abgelaufen",
            "Sie wurde schon benutzt, dauerte zu lange oder begann in einem anderen Browser. "
            "Beginnen Sie neu.",
        ),
        "failed": (
            "Die Anmeldung hat nicht geklappt",
            "Die Gegenseite hat nicht richtig geantwortet. Versuchen Sie es gleich noch einmal.",
        ),
    },
}

_PAGE = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · Relais</title>
<main>
<h1>{title}</h1>
<p>{words}</p>
</main>
</html>
"""


def door() -> Blueprint:
    """`/connected`, in the browser's language."""
    public = Blueprint("public", __name__)

    @public.get("/connected")
    def connected() -> Response:
        return sentence_page("denied" if request.args.get("success") == "0" else "agreed")

    return public


def sentence_page(what: str, status: int = 200) -> Response:
    """A page that says one thing (agreed, denied, ended, failed), in the browser's language."""
    language = request.accept_languages.best_match(list(_WORDS)) or "en"
    title, words = _WORDS[language][what]
    page = _PAGE.format(language=language, title=escape(title), words=escape(words))
    made = Response(page, status, content_type="text/html; charset=utf-8")
    made.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    made.headers["Vary"] = "Accept-Language"
    return made
