"""The type of a subclass of the resource."""

from __future__ import annotations

import cleanrooms_resource as cleanrooms
from cleanrooms_resource.pulumi_sdk import get_type_name


class Ads(cleanrooms.Collaboration):
    """A subclass that names no type."""


class NamedAds(Ads, module="ads", name="Ads"):
    """A subclass with a type of its own."""


def test_a_subclass_has_the_type_of_a_collaboration() -> None:
    type_ = "dynamic/cleanrooms:Collaboration"

    assert get_type_name(Ads) == type_  # type: ignore[arg-type]
    assert get_type_name(cleanrooms.Collaboration) == type_  # type: ignore[arg-type]


def test_a_subclass_may_name_a_type_of_its_own() -> None:
    assert get_type_name(NamedAds) == "dynamic/ads:Ads"  # type: ignore[arg-type]
