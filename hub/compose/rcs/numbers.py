"""Phone numbers as a template writes them for a button: +, the country, the digits."""

import re

_WRITTEN = re.compile(r"\+[1-9][\d .()/-]{5,25}")


def dialable(words: str) -> str:
    """ "+33639980123" of "+33 6 39 98 01 23"; "" where it is no number in that form."""
    digits = re.sub(r"\D", "", words)
    usable = _WRITTEN.fullmatch(words.strip()) and 7 <= len(digits) <= 15
    return f"+{digits}" if usable else ""
