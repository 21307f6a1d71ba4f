"""What the forge answers when it will not do something, in GitHub's own words and status codes.

Refusal
    One class on purpose: GitHub tells its errors apart by status and message, and so does every client.
"""

from collections.abc import Mapping, Sequence

DOCUMENTATION_URL = "https://docs.github.com/rest"


class Refusal(Exception):
    """Carry the status, message and per-field errors of a request that is refused."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[dict[str, str]] = (),
        headers: Sequence[tuple[str, str]] = (),
        more: Mapping[str, str] | None = None,
    ) -> None:
        """Keep `errors` in GitHub's shape: resource, field, code and for `custom` codes a message.

        `more` are further fields of the body, such as the `url` of a redirect.
        """
        super().__init__(f"{status} {message}" + (f" {list(errors)}" if errors else ""))
        self.status = status
        self.message = message
        self.errors = tuple(errors)
        self.headers = tuple(headers)
        self.more = dict(more or {})

    def body(self) -> dict[str, object]:
        """Return the JSON body that GitHub sends with this refusal."""
        data: dict[str, object] = {"message": self.message}
        if self.errors:
            data["errors"] = [dict(error) for error in self.errors]
        return {**data, **self.more, "documentation_url": DOCUMENTATION_URL, "status": str(self.status)}


def not_found() -> Refusal:
    """Return the 404 that hides and denies alike."""
    return Refusal(404, "Not Found")


def gone(message: str) -> Refusal:
    """Return the 410 of something that was deleted or is switched off."""
    return Refusal(410, message)


def forbidden(message: str) -> Refusal:
    """Return a 403 with GitHub's reason."""
    return Refusal(403, message)


def invalid(resource: str, field: str, code: str = "invalid") -> Refusal:
    """Return the 422 for one bad field; `code` is GitHub's: missing, missing_field, invalid, already_exists."""
    return Refusal(422, "Validation Failed", errors=({"resource": resource, "field": field, "code": code},))


def refuse_too_long(resource: str, *, title: str | None = None, body: str | None = None) -> None:
    """Raise the 422 for a text that is longer than GitHub takes."""
    for name, text, most in (("title", title, 256), ("body", body, 65_536)):
        if text is not None and len(text) > most:
            raise unprocessable(resource, f"{name} is too long (maximum is {most} characters)")


def unprocessable(resource: str, message: str) -> Refusal:
    """Return the 422 that explains itself in a sentence."""
    return Refusal(422, "Validation Failed", errors=({"resource": resource, "code": "custom", "message": message},))
