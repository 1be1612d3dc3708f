"""Pages for people without an account: where a vendor's consent page sends the merchant back."""

from html import escape

from flask import Blueprint, Response, request

_WORDS = {
    "en": (
        "Your shop has agreed",
        "Relais is making the connection now; it takes a few seconds. You can close this page.",
        "Nothing was connected",
        "The shop did not agree. Start the connection again when you are ready.",
    ),
    "fr": (
        "Votre boutique a donné son accord",
        "Relais établit la connexion ; quelques secondes suffisent. Vous pouvez fermer cette page.",
        "Rien n'a été connecté",
        "La boutique n'a pas donné son accord. Recommencez quand vous serez prêt.",
    ),
    "es": (
        "Tu tienda ha aceptado",
        "Relais está creando la conexión; tarda unos segundos. Puedes cerrar esta página.",
        "No se ha conectado nada",
        "La tienda no ha aceptado. Empieza de nuevo cuando quieras.",
    ),
    "it": (
        "Il tuo negozio ha dato il consenso",
        "Relais sta creando il collegamento: bastano pochi secondi. Puoi chiudere questa pagina.",
        "Non è stato collegato nulla",
        "Il negozio non ha dato il consenso. Ricomincia quando vuoi.",
    ),
    "de": (
        "Ihr Shop hat zugestimmt",
        "Relais stellt die Verbindung her; das dauert einige Sekunden. Sie können diese Seite "
        "schließen.",
        "Es wurde nichts verbunden",
        "Der Shop hat nicht zugestimmt. Beginnen Sie neu, wenn Sie so weit sind.",
    ),
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
        language = request.accept_languages.best_match(list(_WORDS)) or "en"
        agreed = request.args.get("success") != "0"
        title, words = _WORDS[language][:2] if agreed else _WORDS[language][2:]
        page = _PAGE.format(language=language, title=escape(title), words=escape(words))
        made = Response(page, content_type="text/html; charset=utf-8")
        made.headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
        made.headers["Vary"] = "Accept-Language"
        return made

    return public
