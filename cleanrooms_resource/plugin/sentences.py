"""The sentences of the lifecycle, as they are true in the plug-in.

The lifecycle names the settings as ``aws:...``, as the dynamic form has them, and its advice is for a program in Python. In the plug-in, the settings
are the provider's, ``cleanrooms:...``. A program is in any language, so that the names of properties and options stand in camelCase.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from cleanrooms_resource.aws.settings import SETTINGS

if TYPE_CHECKING:
    from cleanrooms_resource.errors import CollaborationError

NAMESPACE: Final = "cleanrooms"
"""The plug-in's package, and the namespace of its settings."""

PHRASES: Final = {
    # Who acts, and where: the stack's settings for the default provider, the inputs of an explicit one.
    "(`aws:profile`, the environment,": "(`cleanrooms:profile`, the inputs of an explicit provider, the environment,",
    "Run `pulumi config set aws:region REGION`, set AWS_REGION,": (
        "Run `pulumi config set cleanrooms:region REGION`, give an explicit provider a `region`, set AWS_REGION,"
    ),
    "run `pulumi config set aws:skipRegionValidation true`": "set `cleanrooms:skipRegionValidation` to true",
    "remove the setting with `pulumi config rm aws:customCaBundle`": "remove the setting",
    "` from the stack; or name a profile": "` from the provider's settings; or name a profile",
    "The aws: settings do not work": "The provider's settings do not work",
    "pulumi-aws 7 has `aws:assumeRoles` in its place, a list of roles. Run `pulumi config rm aws:assumeRole`,": (
        "`cleanrooms:assumeRoles` stands in its place, a list of roles. Remove `cleanrooms:assumeRole`,"
    ),
    # What a program writes.
    "adopt it with `import_`": "import it with `pulumi import cleanrooms:index:Collaboration NAME ID`",
    "`delete_before_replace=True` also makes room": "the resource option `deleteBeforeReplace` also makes room",
    'set change_requests="PROPOSE"': 'set changeRequests to "PROPOSE"',
    "change_requests is NEVER": "changeRequests is NEVER",
    "remove_members is not set": "removeMembers is not set",
    "creator_payment_configuration: a change request": "creatorPaymentConfiguration: a change request",
}
"""What the lifecycle says that is not true in the plug-in, to what is. A test finds each phrase in the lifecycle's source."""

OTHER_CREATOR: Final = (
    "The provider of the resource says who acts: an explicit provider's inputs, or the stack's `cleanrooms:` settings and the environment; no `aws:` "
    "setting of the stack does. Give the resource the provider of the account that created the collaboration."
)
"""The advice where a provider acts in another account than the one that created the collaboration."""

_NAMES = "|".join(sorted(SETTINGS, key=len, reverse=True))
# Whatever else stands in quotes is the user's own, a collaboration's name or a tag's key.
_SETTING = re.compile(
    rf'(did you mean ")aws:({_NAMES})"|"[^"]*"|(?<![\w:.\[-])aws:({_NAMES})\b(?![\w/-]|:\S)'
)


def respell(text: str) -> str:
    """Return a text of the lifecycle as it is true in the plug-in: its phrases, and the names of settings."""
    for phrase, phrase_of_plugin in PHRASES.items():
        text = text.replace(phrase, phrase_of_plugin)
    return _SETTING.sub(_respell_setting, text)


def explain_error(error: CollaborationError) -> str:
    """Return an error's whole sentence, as it is true in the plug-in."""
    # A quotation mark that AWS's message leaves open does not reach the advice.
    return f"{respell(error.what_happened)} {respell(error.advice)}".rstrip()


def _respell_setting(match: re.Match[str]) -> str:
    suggestion, suggested, name = match.groups()
    if suggested:
        return f'{suggestion}{NAMESPACE}:{suggested}"'
    return f"{NAMESPACE}:{name}" if name else match[0]
