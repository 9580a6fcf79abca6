"""The faulty fields of a body, gathered so that all are told at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from api.problems import InvalidRequest
from api.schemas.problem import FieldError
from warning.errors import UnknownName


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults below the place `at`."""

    at: str
    wrong: list[FieldError] = field(default_factory=list)
    candidates: list[str] = field(default_factory=list)

    def below(self, place: object) -> Faults:
        """The faults of a part of it, added to the same."""
        return self.elsewhere(f"{self.at}.{place}")

    def elsewhere(self, at: str) -> Faults:
        """The faults of another place, added to the same."""
        return Faults(at, self.wrong, self.candidates)

    def add(self, name: str, what: str) -> None:
        """Note a faulty field."""
        self.wrong.append(FieldError(where=f"{self.at}.{name}", what=what))

    def meant(self, name: str, resolve: Callable[[str], str], text: str) -> str | None:
        """The id meant; None, and noted with what may be meant, where it means nothing."""
        try:
            return resolve(text)
        except UnknownName as error:
            self.add(name, error.what)
            self.candidates.extend(error.candidates)
            return None

    def refuse(self) -> None:
        """InvalidRequest with every fault, where there is any."""
        if self.wrong:
            raise InvalidRequest.of_fields(self.wrong, self.candidates)
