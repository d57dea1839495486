"""What is wrong with who acts and where, as far as it is known without a call and without botocore.

Check uses this module, so that a preview fails where the first call of `pulumi up` would fail.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, Final

from cleanrooms_resource.aws.profiles import (
    advise_on_mfa,
    describe_files,
    explain_mfa,
    find_profile_name,
    list_role_profiles,
    read_profiles,
)
from cleanrooms_resource.aws.regions import (
    explain_wrong_region_name,
    find_region_refusals,
    is_region_name,
)
from cleanrooms_resource.aws.settings import URL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleanrooms_resource.aws.credentials import Identity
    from cleanrooms_resource.aws.settings import Settings

_UNSENDABLE: Final = re.compile(r"[^\x21-\x7e]")
_KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def find_local_refusals(settings: Settings, region: Any, *, is_new: bool) -> list[str]:
    """Return why a resource cannot connect. ``region`` is the argument of a new collaboration."""
    try:
        profile_refusals = list(_find_profile_refusals(settings.identity))
    except ValueError as error:
        return [f"{error}"]
    refusals = [
        *_find_missing_files(settings),
        *profile_refusals,
        *_find_key_refusals(settings.identity),
        *_find_address_refusals(settings),
    ]
    if settings.sts_region and not is_region_name(settings.sts_region):
        refusals.append(f"aws:stsRegion: {explain_wrong_region_name(settings.sts_region)}")
    return refusals + (find_region_refusals(settings, region) if is_new else [])


def find_own_account(settings: Settings) -> tuple[str, str] | None:
    """Return the account that creates, and the setting that says so; None if only AWS knows."""
    identity = settings.identity
    if identity.roles:
        return identity.roles[-1].arn.split(":")[4], identity.spell("assumeRoles")
    if identity.web_identity:
        setting = identity.spell("assumeRoleWithWebIdentity")
        return identity.web_identity.role.arn.split(":")[4], setting
    only = [each for each in settings.allowed if len(each.accounts) == 1]
    return (only[0].accounts[0], only[0].source) if only else None


def find_creator_refusals(settings: Settings, members: Any) -> list[str]:
    """Return the refusal of a member who is the creator, which AWS refuses too."""
    own = find_own_account(settings)
    if own is None or not isinstance(members, dict) or own[0] not in members:
        return []
    account, source = own
    reason = f"is the account that creates the collaboration ({source}). Remove it from `members`"
    return [f'members["{account}"]: {reason}']


def _find_profile_refusals(identity: Identity) -> Iterator[str]:
    name, source = find_profile_name(identity)
    has_keys = identity.access_key or identity.web_identity or _acts_by_environment(identity)
    if has_keys and not source:
        return
    profiles = read_profiles(identity)
    if source and name not in profiles:
        where = describe_files(identity)
        yield f'{source}: no profile "{name}" is in {where}. Correct the name, or add the profile'
        return
    if has_keys:
        return
    for each in list_role_profiles(name, profiles):
        if each not in profiles:
            yield (
                f'the profile "{name}" needs the profile "{each}" (source_profile), which is not '
                f"in {describe_files(identity)}. Correct source_profile, or add the profile"
            )
        elif "mfa_serial" in profiles[each]:
            yield f"{explain_mfa(each)} {advise_on_mfa(identity, name)}"
            return


def _acts_by_environment(identity: Identity) -> bool:
    """Whether the keys of the environment act, which a profile of the settings overrides."""
    return not identity.profile and bool(os.environ.get("AWS_ACCESS_KEY_ID"))


def _find_missing_files(settings: Settings) -> Iterator[str]:
    """Yield a refusal for each file that does not exist. botocore goes on without some of them."""
    identity, web_identity = settings.identity, settings.identity.web_identity
    own = {
        "sharedConfigFiles": identity.config_file,
        "sharedCredentialsFiles": identity.credentials_file,
        "assumeRoleWithWebIdentity": web_identity.token_file if web_identity else None,
    }
    files = {identity.spell(name): file for name, file in own.items() if file}
    if not settings.insecure:
        files |= _find_certificates(settings)
    for source, file in files.items():
        if not os.path.exists(os.path.expanduser(file)):  # noqa: PTH110, PTH111 - Path raises there
            yield f"{source}: the file {file} does not exist. Correct the path"


def _find_certificates(settings: Settings) -> dict[str, str]:
    """Return the file of certificates that is read, by its setting or variable."""
    if settings.custom_ca_bundle:
        return {"aws:customCaBundle": settings.custom_ca_bundle}
    bundle = os.environ.get("AWS_CA_BUNDLE")
    if not bundle:
        return {}
    address = (
        dict(settings.endpoints).get("cleanrooms")
        or os.environ.get("AWS_ENDPOINT_URL_CLEANROOMS")
        or os.environ.get("AWS_ENDPOINT_URL")
        or ""
    )
    return {} if address.lower().startswith("http:") else {"AWS_CA_BUNDLE": bundle}


def _find_key_refusals(identity: Identity) -> Iterator[str]:
    """Yield a refusal for keys that no request can hold, or of which one is missing."""
    own = {
        "accessKey": identity.access_key,
        "secretKey": identity.secret_key,
        "token": identity.token,
    }
    keys = {identity.spell(name): key for name, key in own.items() if key}
    if not (identity.access_key or identity.web_identity) and _acts_by_environment(identity):
        keys = {name: os.environ.get(name, "") for name in _KEYS}
        if not keys["AWS_SECRET_ACCESS_KEY"]:
            yield "AWS_SECRET_ACCESS_KEY: is required beside AWS_ACCESS_KEY_ID. Set both of them"
    for source, key in keys.items():
        if _UNSENDABLE.search(key):
            yield (
                f"{source}: the value has a character that no key has, such as a space or a line "
                "break. Set it again"
            )


def _find_address_refusals(settings: Settings) -> Iterator[str]:
    """Yield a refusal for each AWS_ENDPOINT_URL variable that is read and is no URL."""
    if os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return
    addresses: dict[str, str] = {}
    for service in {"cleanrooms", "sts"} - dict(settings.endpoints).keys():
        own = f"AWS_ENDPOINT_URL_{service.upper()}"
        variable = own if os.environ.get(own) else "AWS_ENDPOINT_URL"
        addresses[variable] = os.environ.get(variable, "")
    for variable, address in sorted(addresses.items()):
        if address and not URL.match(address):
            yield f"{variable}: must be a URL that begins with http:// or https://"
