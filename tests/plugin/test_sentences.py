"""The lifecycle's sentences in the plug-in: no `aws:` setting, and nothing that is written in the dynamic form alone."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cleanrooms_resource
from cleanrooms_resource import errors
from cleanrooms_resource.aws.connection import connect
from cleanrooms_resource.aws.regions import find_region_refusals
from cleanrooms_resource.aws.settings import ADVICE, SETTINGS, Settings
from cleanrooms_resource.errors import CollaborationError, RunCancelledError
from cleanrooms_resource.plugin.configuration import HONOURED, read_provider_settings
from cleanrooms_resource.plugin.sentences import OTHER_CREATOR, PHRASES, explain_error, respell

if TYPE_CHECKING:
    from collections.abc import Iterator

HOUSE = Path(cleanrooms_resource.__file__).parent
LIFECYCLE = [
    *(HOUSE / "aws").glob("*.py"),
    *(HOUSE / "changes").glob("*.py"),
    *(HOUSE / "declaration").glob("*.py"),
    HOUSE / "errors.py",
]

OF_THE_DYNAMIC_FORM = re.compile(
    r"`connection`|\bconnection[.:]|a connection\b|import_|ignore_changes|Collaboration\.get|=True\b|[a-z]_[a-z]\w*(=| is |: )"
    r"|pulumi-aws 7|from the stack|pulumi config rm|pulumi config set (?!cleanrooms:region REGION`, give an explicit provider)"
)
"""Words that only a program of the dynamic form has."""
UNREACHABLE = {
    "changes/adoption.py": "`import_` is the dynamic form's; the plug-in has Pulumi's own import",
    "aws/reads.py": "`read_adopted` serves `import_`",
    "declaration/ignored_paths.py": "the constructor of the dynamic form sends these paths",
    "declaration/connection_form.py": "`connection` is the dynamic form's",
    "declaration/connection_shapes.py": "`connection` is the dynamic form's",
    "aws/program_connections.py": "`connection` is the dynamic form's; without it, the advice is the error's own",
}
"""Modules whose sentences with these words no call of the plug-in can raise, and why."""
UNREACHABLE_TEXTS = (
    errors.CONNECTION_OF_STATE,
    " The credentials of the stack do not act for a connection that names an identity.",
    # `refuse_other_connection`
    "Write a `connection` that acts in account ",
    "The connection does",
    # `explain_refusal` of a name that `read_provider_settings` never hands over
    "aws:region: this is not a setting of pulumi-aws 7; did you mean",
    "aws:region: this setting is not supported for Clean Rooms collaborations; remove the setting from the stack",
)


def list_texts(file: Path) -> Iterator[str]:
    """Yield the texts of a module, docstrings left out. The name of a setting stands for whatever an f-string fills in."""
    tree = ast.parse(file.read_text())
    docstrings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    parts = {
        part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and node not in docstrings:
            text = "".join(
                str(part.value) if isinstance(part, ast.Constant) else "region"
                for part in node.values
            )
            yield text.replace("aws:regionAccountIds", "aws:allowedAccountIds")
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node not in parts | docstrings
        ):
            yield node.value


TEXTS = [
    (str(file.relative_to(HOUSE)), text) for file in sorted(LIFECYCLE) for text in list_texts(file)
]
SENTENCES = sorted({(file, text) for file, text in TEXTS if " " in text or "aws:" in text})


def names_setting(text: str) -> bool:
    return any(re.search(rf"(?<!arn:)\baws:{name}\b", text) for name in SETTINGS)


def is_dynamic(file: str, text: str) -> bool:
    """Whether a call of the plug-in can raise a sentence that has words of the dynamic form."""
    return (
        file not in UNREACHABLE
        and not text.startswith(UNREACHABLE_TEXTS)
        and bool(OF_THE_DYNAMIC_FORM.search(text))
    )


def test_the_lifecycle_has_sentences_that_name_settings() -> None:
    assert len([text for _, text in SENTENCES if names_setting(text)]) > 15


@pytest.mark.parametrize(("file", "text"), [each for each in SENTENCES if names_setting(each[1])])
def test_no_sentence_names_a_setting_of_aws(file: str, text: str) -> None:
    assert not names_setting(respell(text)), file


@pytest.mark.parametrize(("file", "text"), [each for each in SENTENCES if is_dynamic(*each)])
def test_no_sentence_has_words_of_the_dynamic_form(file: str, text: str) -> None:
    assert not OF_THE_DYNAMIC_FORM.search(respell(text)), file


COMPOSED = {"` from the stack; or name a profile", "The aws: settings do not work"}
"""The phrases that the lifecycle composes of several texts; each has a test of its own."""


@pytest.mark.parametrize("phrase", [each for each in PHRASES if each not in COMPOSED])
def test_every_phrase_is_in_the_lifecycle(phrase: str) -> None:
    assert any(phrase in text for _, text in SENTENCES)


def connect_to(**properties: str) -> str:
    """Return the error of a connection with these settings, as the plug-in says it."""
    with pytest.raises(CollaborationError) as failure:
        connect(read_provider_settings({"region": "us-east-1", **properties}))
    return explain_error(failure.value)


def test_a_profile_that_is_not_there_is_named_by_the_provider() -> None:
    assert connect_to(profile="nobody") == (
        'The provider\'s settings do not work (the profile "nobody" of cleanrooms:profile): The config profile (nobody) could not be found.'
    )


def test_a_profile_that_needs_a_code_is_removed_from_the_provider(tmp_path: Path) -> None:
    file = tmp_path / "config"
    file.write_text(
        "[profile a]\nrole_arn = arn:aws:iam::111122223333:role/a\nsource_profile = b\nmfa_serial = arn:aws:iam::1:mfa/a\n[profile b]\n"
        "aws_access_key_id = x\naws_secret_access_key = y\n"
    )

    error = connect_to(profile="a", sharedConfigFiles=f'["{file}"]')

    assert (
        "and remove `cleanrooms:profile` from the provider's settings; or name a profile without mfa_serial."
        in error
    )


def test_an_account_that_is_not_allowed_is_named_by_the_provider(config: dict[str, str]) -> None:
    settings = {name.removeprefix("aws:"): value for name, value in config.items()}

    error = connect_to(**settings, allowedAccountIds='["999999999999"]')

    assert error.endswith(
        "act in account 111122223333, which is not in cleanrooms:allowedAccountIds."
    )


@pytest.mark.parametrize("phrase", PHRASES.values())
def test_a_phrase_of_the_plug_in_is_its_own_spelling(phrase: str) -> None:
    assert respell(phrase) == phrase


@pytest.mark.parametrize(
    "error_class",
    [
        each
        for each in vars(errors).values()
        if isinstance(each, type)
        and issubclass(each, CollaborationError)
        and "advice" in vars(each)
    ],
)
def test_the_advice_of_every_error_is_true_in_the_plug_in(
    error_class: type[CollaborationError],
) -> None:
    advice = respell(error_class.advice)

    assert not names_setting(advice)
    assert not OF_THE_DYNAMIC_FORM.search(advice)


def test_credentials_that_do_not_work_are_set_for_the_provider() -> None:
    advice = respell(errors.CredentialsError.advice)

    assert advice.startswith(
        "Set credentials that work (`cleanrooms:profile`, the inputs of an explicit provider, the environment, or a new login)."
    )


@pytest.mark.parametrize("name", [*HONOURED, *ADVICE])
def test_a_refusal_of_any_setting_has_the_plug_ins_spelling(name: str) -> None:
    refusals = read_provider_settings(
        {name: "\0[", "accessKey": "x"} | ({"secretKey": "y"} if name == "token" else {})
    ).refusals

    assert all(
        refusal.startswith("cleanrooms:") and not names_setting(refusal) for refusal in refusals
    )
    assert refusals or name in ("secretKey", "token")


def test_a_region_that_is_missing_is_set_for_the_provider() -> None:
    (refusal,) = find_region_refusals(Settings(), None)

    assert respell(refusal) == (
        "region: no region is set. Run `pulumi config set cleanrooms:region REGION`, give an explicit provider a `region`, set AWS_REGION, "
        "or declare `region`"
    )


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::111122223333:role/region",
        "the type aws:cleanrooms/collaboration:Collaboration",
        'tags["aws:token"]: must not begin with aws:, which AWS reserves for itself',
        'updating Clean Rooms collaboration "The aws:region plan" in us-east-1: ValidationException: no.',
        "the condition aws:RequestedRegion",
        "xaws:region",
        "aws:regions",
        "aws:profile/x",
    ],
)
def test_what_is_no_setting_keeps_its_spelling(text: str) -> None:
    assert respell(text) == text


def test_the_longer_of_two_names_is_respelled_whole() -> None:
    assert respell("aws:assumeRole and aws:assumeRoles, aws:assumeRoleWithWebIdentity") == (
        "cleanrooms:assumeRole and cleanrooms:assumeRoles, cleanrooms:assumeRoleWithWebIdentity"
    )


def test_a_quotation_mark_that_is_left_open_does_not_reach_the_advice() -> None:
    error = errors.UnreachableError('calling "it: EndpointConnectionError.')

    assert explain_error(error) == (
        'calling "it: EndpointConnectionError. The request was not sent. Check the network and `cleanrooms:endpoints`, then run the command again.'
    )


def test_an_error_without_advice_ends_with_what_happened() -> None:
    assert explain_error(RunCancelledError("It was cancelled.", advice="")) == "It was cancelled."


def test_the_advice_about_another_creator_is_the_plug_ins_own() -> None:
    assert respell(OTHER_CREATOR) == OTHER_CREATOR
