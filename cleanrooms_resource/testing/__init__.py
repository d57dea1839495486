"""Tests of programs without AWS and without an engine. They need the extra ``testing``."""

from cleanrooms_resource.testing.endpoint import Endpoint, endpoint
from cleanrooms_resource.testing.endpoint_file import EndpointFileError
from cleanrooms_resource.testing.rehearsal import Planned, Rehearsal, RehearsalError, Rehearsed, rehearse

__all__ = ["Endpoint", "EndpointFileError", "Planned", "Rehearsal", "RehearsalError", "Rehearsed", "endpoint", "rehearse"]
