"""An error as smsmode answers it."""

from dataclasses import dataclass


@dataclass
class Problem(Exception):
    """An error as smsmode answers it. Of the codes only 400.029 is known to be the real one."""

    status: int
    code: str
    title: str
    detail: str

    def document(self) -> dict[str, str]:
        """The body of the answer."""
        return {
            "title": self.title,
            "message": self.title,
            "detail": self.detail,
            "errorCode": self.code,
            "type": f"https://dev.smsmode.com/errors/{self.code}",
        }
