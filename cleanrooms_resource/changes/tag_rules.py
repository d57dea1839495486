"""The tags that the stack adds to every resource (``aws:defaultTags``), and those that it leaves alone (``aws:ignoreTags``), as in pulumi-aws.

A declaration under default tags has ``tagsAll`` beside ``tags``: every tag that AWS is to have. Check puts it there, so that the engine draws a
changed default as an update.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.declaration.limits import get_maximum
from cleanrooms_resource.hidden_keys import DEFAULT_TAGS
from cleanrooms_resource.pulumi_sdk import mark_secret, reveal_secrets

if TYPE_CHECKING:
    from cleanrooms_resource.changes.known_collaboration import KnownCollaboration
    from cleanrooms_resource.changes.live_collaboration import LiveCollaboration

TAGS_ALL: Final = "tagsAll"


@dataclass(frozen=True, slots=True)
class TagRules:
    """The default tags, and the keys and prefixes of keys of the tags that are ignored."""

    defaults: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ignored_keys: tuple[str, ...] = ()
    ignored_prefixes: tuple[str, ...] = ()

    def ignores(self, key: str) -> bool:
        return key in self.ignored_keys or key.startswith(self.ignored_prefixes)

    def build_inputs(
        self, declaration: Mapping[str, Any], kept: Any, *, is_secret: bool
    ) -> dict[str, Any]:
        """Return the input with every tag that AWS is to have, where the stack has default tags.

        A tag of the program overrides a default. ``kept`` are the tags of the old input where the
        program ignores every change, else None.
        """
        if kept is None and not self.defaults:
            return {}
        tags = declaration.get("tags", {})
        if kept is not None:
            merged = reveal_secrets(kept)
        elif isinstance(tags, Mapping):
            merged = dict(sorted({**dict(self.defaults), **tags}.items()))
        else:
            merged = tags
        return {TAGS_ALL: mark_secret(merged) if is_secret and isinstance(merged, dict) else merged}

    def find_refusals(self, declaration: Mapping[str, Any]) -> list[str]:
        """Return why AWS would refuse the tags together with the default tags."""
        tags = declaration.get("tags", {})
        number = len({*dict(self.defaults), *tags}) if isinstance(tags, Mapping) else 0
        maximum = get_maximum("TagMap")
        if number <= maximum or len(tags) > maximum:
            return []
        return [
            f"tags: the collaboration would have {number} tags with those of aws:defaultTags, and AWS allows {maximum}; remove some of them"
        ]

    def build_outputs(self, checked_inputs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the hidden output that keeps the default tags, which a refresh tells from the program's own."""
        return (
            {DEFAULT_TAGS: mark_secret(dict(self.defaults))} if TAGS_ALL in checked_inputs else {}
        )

    def settle(self, declaration: Mapping[str, Any], known: KnownCollaboration) -> dict[str, Any]:
        """Return the declaration with every tag that AWS is to have as ``tagsAll``: an ignored tag is as AWS has it already."""
        is_judged = known.is_complete or "tags" in declaration or TAGS_ALL in declaration
        tags = get_all_tags(declaration)
        if (
            not (self.ignored_keys or self.ignored_prefixes)
            or not is_judged
            or not isinstance(tags, Mapping)
        ):
            return dict(declaration)
        kept = {key: value for key, value in tags.items() if not self.ignores(key)}
        return {
            **declaration,
            TAGS_ALL: kept
            | {key: value for key, value in known.tags_all.items() if self.ignores(key)},
        }

    def hide_ignored(
        self, live: LiveCollaboration, declared_tags: Mapping[str, str]
    ) -> LiveCollaboration:
        """Return a live collaboration without its ignored tags. An ignored tag that is declared shows no difference either."""
        if live.tags is None:
            return live
        visible = {key: value for key, value in live.tags.items() if not self.ignores(key)}
        return replace(
            live,
            tags=visible
            | {key: value for key, value in declared_tags.items() if self.ignores(key)},
        )


def get_all_tags(declaration: Mapping[str, Any]) -> Any:
    return reveal_secrets(declaration.get(TAGS_ALL, declaration.get("tags", {})))


def use_all_tags(
    declaration: Mapping[str, Any], checked_inputs: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a declaration with every tag in ``tags``, as a request has them."""
    return (
        {**declaration, "tags": get_all_tags(checked_inputs)}
        if TAGS_ALL in checked_inputs
        else dict(declaration)
    )


def read_default_tags(outputs: Mapping[str, Any]) -> dict[str, str]:
    """Return the default tags of the last `pulumi up`."""
    return dict(reveal_secrets(outputs.get(DEFAULT_TAGS)) or {})


def keep_own_tags(live: LiveCollaboration, outputs: Mapping[str, Any]) -> LiveCollaboration:
    """Return a live collaboration without the tags that only the stack's defaults declared."""
    defaults, declared = read_default_tags(outputs), reveal_secrets(outputs.get("tags")) or {}
    return replace(
        live,
        tags={
            key: value
            for key, value in (live.tags or {}).items()
            if key in declared or key not in defaults
        },
    )


def build_read_inputs(
    live: LiveCollaboration, outputs: Mapping[str, Any], *, is_secret: bool
) -> dict[str, Any]:
    """Return the input with every tag that AWS has, where the last `pulumi up` had default tags."""
    if DEFAULT_TAGS not in outputs:
        return {}
    tags = live.list_own_tags()
    return {TAGS_ALL: mark_secret(tags) if is_secret else tags}
