"""The provider's configuration: the settings of the dynamic form, as ``cleanrooms:region`` of the stack or as inputs of an explicit provider.

The default provider's values arrive as texts, structured ones as JSON. An explicit provider's arrive as they are from YAML (numbers as floats), and
as JSON text from the generated SDKs. Both are read alike. No ``aws:`` setting of the stack reaches a plug-in.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.settings import SETTINGS, Settings, Standing, read_settings
from cleanrooms_resource.declaration.connection_form import SECRET_NAMES
from cleanrooms_resource.declaration.failures import Failure
from cleanrooms_resource.declaration.unknown_values import is_known
from cleanrooms_resource.plugin.sentences import NAMESPACE, respell
from cleanrooms_resource.pulumi_sdk import mark_secret, reveal_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

HONOURED: Final = tuple(
    name for name, standing in SETTINGS.items() if standing is Standing.HONOURED
)
"""The settings that act."""
KEYS_OF_PULUMI: Final = frozenset(
    {"version", "pluginDownloadURL", "pluginChecksums", "parameterization", "id", "urn"}
)
"""The keys of a provider that are Pulumi's own. Others of Pulumi's begin with ``__``."""
# A stack's settings of a project that is itself named "cleanrooms" have the same namespace, and arrive too.
_NEAR: Final = 0.75
_TOKEN: Final = re.compile(r"""web_?identity_?token["']""", re.IGNORECASE)
_UNKNOWN_KEY: Final = "(known after apply)"


def read_provider_settings(properties: Mapping[str, Any]) -> Settings:
    """Read the arguments of Configure. Never raises: what is refused stands in the settings' ``refusals``. Values not known yet are left out."""
    known = {
        name: value for name, value in reveal_secrets(dict(properties)).items() if is_known(value)
    }
    # Every number of the protocol is a float.
    config = {
        f"aws:{name}": int(value) if isinstance(value, float) and value.is_integer() else value
        for name, value in known.items()
        if name in SETTINGS
    }
    settings = read_settings(config)
    return replace(
        settings, refusals=(*_find_misspellings(properties), *map(respell, settings.refusals))
    )


def find_configuration_failures(properties: Mapping[str, Any]) -> list[Failure]:
    """Return what CheckConfig refuses: misspelled settings, settings that cannot be honoured, and wrong values. It leaves every other key alone.

    A failure's path begins with ``cleanrooms:``. It is part of the sentence: for a failure with a property, the engine draws the value too.
    """
    # A key that is not known yet counts as set.
    unknown = {
        name: _UNKNOWN_KEY
        for name in ("accessKey", "secretKey", "token")
        if not is_known(properties.get(name))
    }
    paths_and_reasons = (
        refusal.partition(": ")
        for refusal in read_provider_settings({**properties, **unknown}).refusals
    )
    return [Failure((path,), reason) for path, _, reason in paths_and_reasons]


def mark_provider_secrets(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs for CheckConfig's answer, keys and tokens in the engine's secret form, so that the state never has them in plain text."""
    return {
        name: mark_secret(value)
        if _holds_key(name, value) and is_known(value) and value == reveal_secrets(value)
        else value
        for name, value in properties.items()
    }


def _holds_key(name: str, value: Any) -> bool:
    """Whether a setting is a key or a token, or has one in its map or in its JSON text."""
    return name in SECRET_NAMES or (
        name == "assumeRoleWithWebIdentity" and bool(_TOKEN.search(str(value)))
    )


def _find_misspellings(properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each key that is nearly a setting's name."""
    names = {_simplify(name): name for name in HONOURED}
    for key in properties:
        if key in SETTINGS or key in KEYS_OF_PULUMI or key.startswith("__"):
            continue
        for nearest in difflib.get_close_matches(_simplify(key), names, n=1, cutoff=_NEAR):
            suggestion = f'did you mean "{NAMESPACE}:{names[nearest]}"?'
            yield f"{NAMESPACE}:{key}: this is not a setting of the provider; {suggestion} Correct the name, or remove the setting"


def _simplify(name: str) -> str:
    return re.sub("[-_]", "", name).lower()
