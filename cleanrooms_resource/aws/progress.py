"""The progress of an update: its errors say which of its steps took effect before them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cleanrooms_resource.errors import ChangeRequestRefusedError, CollaborationError, CollaborationGone

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Progress:
    """The steps of an update that took effect, each as the end of a sentence about the update."""

    steps: list[str] = field(default_factory=list)

    @contextmanager
    def make_step(self, effect: str = "") -> Iterator[None]:
        """Note the effect of a call that succeeds.

        Raises:
            CollaborationError: the error of the call, with the steps that took effect before it.

        """
        try:
            yield
        except CollaborationError as error:
            if isinstance(error, CollaborationGone) and not self.steps:
                raise
            if self.steps:
                before, advice = f"Before this error, the update {'; '.join(self.steps)}.", "Run `pulumi refresh`, then `pulumi up` again."
                # A refresh alone settles no refusal.
                advice = error.advice if isinstance(error, ChangeRequestRefusedError) else advice
            else:
                before, advice = "The update changed nothing before this error.", error.advice
            raise error.rephrase(f"{error.what_happened} {before}", advice=advice) from None
        if effect:
            self.steps.append(effect)
