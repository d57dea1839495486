"""Trying programs without AWS and without an engine. Needs the extra ``testing``."""

from cleanrooms_resource.testing.endpoint import Endpoint, endpoint
from cleanrooms_resource.testing.rehearsal import Rehearsal, Rehearsed, rehearse

__all__ = ["Endpoint", "Rehearsal", "Rehearsed", "endpoint", "rehearse"]
