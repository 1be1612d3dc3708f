"""A message in Kannel's form: headers, body, and the address its receipts are to come to."""

from urllib.parse import urlencode

from hub.contract import Context, Outgoing, Refused

# Delivered, failed, taken by the operator, refused by the operator. What is only queued there
# says nothing new.
_RECEIPTS_WANTED = "27"
_GSM, _UCS2 = "0", "2"
_MINUTE = 60


def headers_of(ctx: Context, message: Outgoing) -> dict[str, str]:
    """The message's own headers. Raises Refused for a sender no header can hold."""
    gsm = message.encoding == "GSM7"
    made = {
        "X-Kannel-To": message.to.e164,
        "X-Kannel-Coding": _GSM if gsm else _UCS2,
        "Content-Type": f"text/plain; charset={'UTF-8' if gsm else 'UTF-16BE'}",
    }
    sender = (message.sender or ctx.settings.get("sender", "")).strip()
    if sender:
        made["X-Kannel-From"] = _plain(sender, "sender")
    smsc = ctx.settings.get("smsc", "").strip()
    if smsc:
        made["X-Kannel-SMSC"] = _plain(smsc, "SMSC")
    if message.within:
        made["X-Kannel-Validity"] = str(max(int(message.within.total_seconds()) // _MINUTE, 1))
    if ctx.hook_url:
        made |= {"X-Kannel-DLR-Mask": _RECEIPTS_WANTED, "X-Kannel-DLR-Url": _hook(ctx, message)}
    return made


def body_of(message: Outgoing) -> bytes:
    """The text as bytes; Kannel cuts it into parts itself."""
    if message.encoding == "GSM7":
        return message.text.encode("utf-8", "replace")
    return message.text.encode("utf-16-be", "replace")


def _hook(ctx: Context, message: Outgoing) -> str:
    """Kannel fills in what stands after a percent sign, so ours are doubled."""
    fixed = {"type": "dlr", "ref": message.reference}
    # A receipt is read without the settings: what it takes to understand it travels along.
    codes = ctx.settings.get("opt_out_codes", "").replace(" ", "")
    fixed |= {"optout": codes} if codes else {}
    word = ctx.secrets.get("hook_word", "").strip()
    fixed |= {"key": word} if word else {}
    address = f"{ctx.hook_url}?{urlencode(fixed)}".replace("%", "%%")
    return f"{address}&state=%d&id=%F&answer=%A&at=%T&smsc=%i"


def _plain(value: str, what: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise Refused(f"The {what} has characters that Kannel cannot take: correct it.", code=what)
    return value
