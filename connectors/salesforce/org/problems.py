"""A refusal in the vendor's own form."""

from typing import Any


class Problem(Exception):
    """Its code, words and HTTP status; `fields` are those it is about."""

    def __init__(
        self, code: str, message: str, status: int = 400, fields: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.status, self.fields = code, message, status, fields

    @property
    def body(self) -> list[dict[str, Any]]:
        """As a whole answer has it."""
        return [{"message": self.message, "errorCode": self.code, "fields": list(self.fields)}]

    @property
    def result(self) -> dict[str, Any]:
        """As one record of a collection has it: there the code has another name."""
        error = {"statusCode": self.code, "message": self.message, "fields": list(self.fields)}
        return {"success": False, "errors": [error]}
