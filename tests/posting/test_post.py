"""The verb ``post``, at each host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleanrooms_resource.__main__ import main
from posting.stand_ins import HEAD, MERGED, OTHER, Host

if TYPE_CHECKING:
    from pathlib import Path

STACK = "cleanrooms/example"
LINKS = {
    "github": "https://github.com/retailco/cleanrooms/actions/runs/1234",
    "gitlab": "https://gitlab.com/retailco/cleanrooms/-/jobs/1234",
    "azure": "/retailco/project-id/_build/results?buildId=1234",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def render(folder: Path, text: str, severity: int) -> str:
    """Write what `comment` prints; the path."""
    file = folder / "comment.md"
    file.write_text(f"<!-- cleanrooms-resource:cleanrooms/example severity={severity} -->\n\n{text}\n")
    return str(file)


def post(*arguments: str, stack: str = STACK) -> int:
    return main(["post", *arguments, "--stack", stack, "--pull-request", "7"])


def body(text: str, severity: int, identity: str = "cleanrooms-resource:cleanrooms/example") -> str:
    return f"<!-- {identity} severity={severity} -->\n\n{text}\n"


def test_the_first_comment_is_posted_with_the_token_of_the_job(host: Host, folder: Path) -> None:
    assert post(render(folder, "1 to create", 2)) == 0
    assert host.requests == [("add", 0, body("1 to create", 2))]
    assert host.credentials <= {"Bearer t0ken", "t0ken"}


def test_a_verdict_that_is_as_bad_or_better_takes_the_place_of_the_comment(host: Host, folder: Path) -> None:
    post(render(folder, "1 to replace", 5))
    post(render(folder, "2 to replace", 5))
    post(render(folder, "nothing changes", 0))

    assert [action for action, _, _ in host.requests] == ["add", "edit", "edit"]
    assert host.visible() == [body("nothing changes", 0)]


@pytest.mark.parametrize("kind", ["github", "azure"])
def test_a_verdict_that_got_worse_is_posted_anew_and_the_comment_before_is_hidden(host: Host, folder: Path) -> None:
    post(render(folder, "1 to change", 1))
    post(render(folder, "1 to replace", 5))

    assert [(each.body, each.is_hidden) for each in host.comments] == [(body("1 to change", 1), True), (body("1 to replace", 5), False)]


@pytest.mark.parametrize("kind", ["gitlab"])
def test_gitlab_keeps_an_outdated_comment_folded_and_without_a_marker(host: Host, folder: Path) -> None:
    post(render(folder, "1 to change", 1))
    post(render(folder, "1 to replace", 5))
    post(render(folder, "nothing changes", 0))

    outdated = "<details><summary>An outdated preview</summary>\n\n1 to change\n\n</details>\n"
    assert host.visible() == [outdated, body("nothing changes", 0)]


def test_a_hidden_comment_is_never_renewed_or_deleted(host: Host, folder: Path) -> None:
    for severity in (1, 2, 3, 2):
        post(render(folder, f"severity {severity}", severity))

    assert len(host.comments) == 3
    assert sum(each.startswith("<!-- cleanrooms-resource:") for each in host.visible()) == 1
    assert host.visible()[-1] == body("severity 2", 2)


def test_a_preview_that_failed_takes_the_place_of_the_comment_and_keeps_its_severity(host: Host, folder: Path, kind: str) -> None:
    post(render(folder, "1 to change", 1))

    assert post("--failed", STACK, "--commit", HEAD) == 0
    (text,) = host.visible()
    assert text.startswith("<!-- cleanrooms-resource:cleanrooms/example severity=1 -->\n\n> [!CAUTION]\n> **This preview failed.** ")
    assert HEAD in text
    assert LINKS[kind] in text
    assert "1 to change" not in text


def test_a_replacement_after_a_preview_that_failed_is_posted_anew(host: Host, folder: Path) -> None:
    post("--failed", STACK)
    post(render(folder, "1 to replace", 5))

    assert [action for action, _, _ in host.requests if action == "add"] == ["add", "add"]


def test_a_stack_that_failed_stands_above_the_others(host: Host, folder: Path) -> None:
    comment = render(folder, "### 1 to replace in a", 5)

    assert main(["post", comment, "--stack", "p/b", "--stack", "p/a", "--failed", "p/b", "--pull-request", "7"]) == 0
    (text,) = host.visible()
    assert text.startswith(
        "<!-- cleanrooms-resource:p/a+p/b severity=5 -->\n\n> [!CAUTION]\n> **This preview failed.** The preview of `p/b` has no result"
    )
    assert text.endswith("\n\n### 1 to replace in a\n")


def test_comments_of_others_and_on_other_stacks_are_left_alone(host: Host, folder: Path) -> None:
    others = [host.put(body("copied", 0), OTHER), host.put(body("other", 0, "cleanrooms-resource:cleanrooms/example2")), host.put("LGTM")]
    before = [each.body for each in others]
    post(render(folder, "1 to create", 2))
    post(render(folder, "1 to replace", 5))
    post(render(folder, "nothing changes", 0))

    assert [each.body for each in others] == before
    assert not any(each.is_hidden for each in others)
    assert not {number for _, number, _ in host.requests} & {each.number for each in others}


def test_a_comment_of_the_version_before_is_renewed(host: Host, folder: Path) -> None:
    host.put("<!-- cleanrooms-resource:cleanrooms/example -->\n\nnothing changes\n")
    post(render(folder, "nothing changes", 0))

    assert host.visible() == [body("nothing changes", 0)]


def test_of_two_runs_that_post_side_by_side_the_last_comment_stays(host: Host, folder: Path) -> None:
    """The second run begins and ends after the first one has seen no comment, and before it posts its own."""
    comment = render(folder, "1 to create", 2)
    host.before_add = lambda: post(comment)

    assert post(comment) == 0
    assert [action for action, _, _ in host.requests] == ["add", "add", "delete"]
    assert [each.number for each in host.comments] == [102]


def test_a_run_whose_comment_is_deleted_meanwhile_posts_it_again(host: Host, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    host.put(body("1 to create", 2))
    write = host.write

    def delete_before_edit(action: str, number: int = 0, text: str = "") -> bool:
        if action == "edit":
            host.comments.clear()
        return write(action, number, text)

    monkeypatch.setattr(host, "write", delete_before_edit)

    assert post(render(folder, "nothing changes", 0)) == 0
    assert host.visible() == [body("nothing changes", 0)]


def test_the_comment_is_found_behind_many_others(host: Host, folder: Path) -> None:
    for number in range(250):
        host.put(f"comment {number}", OTHER)
    post(render(folder, "1 to create", 2))
    post(render(folder, "nothing changes", 0))

    assert [action for action, _, _ in host.requests] == ["add", "edit"]


def test_a_pull_request_with_a_newer_commit_is_left_alone(host: Host, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert post(render(folder, "1 to create", 2), "--commit", "1" * 40) == 0
    assert host.requests == []
    assert "a newer commit" in capsys.readouterr().err


@pytest.mark.parametrize(("kind", "limit"), [("github", 65_536), ("gitlab", 1_000_000), ("azure", 150_000)])
def test_a_comment_over_the_limit_says_where_its_text_is(host: Host, folder: Path, kind: str, limit: int, capsys: pytest.CaptureFixture[str]) -> None:
    longest = "x" * (limit - len(body("", 5)))
    post(render(folder, longest, 5))
    post(render(folder, longest + "x", 5))

    assert host.requests[0][2] == body(longest, 5)
    assert host.requests[1][2].startswith(body("", 5).strip())
    assert f"at most {limit:,}. The summary of [the run](<" in host.requests[1][2]
    assert LINKS[kind] in host.requests[1][2]
    assert capsys.readouterr().out == f"{longest}\n{longest}x\n"


def test_a_comment_over_the_limit_keeps_the_verdicts_and_nothing_from_outside(host: Host, folder: Path) -> None:
    verdict = "### Clean Rooms in `a`\n\n> [!CAUTION]\n> **1 is replaced.**"
    fence = "````text\n```\n> [!NOTE]\n> Nothing changes.\n### Nothing changes\n````"
    post(render(folder, "\n".join([verdict, "", fence, "| a row |", "x" * 1_100_000]), 4), "--failed", "p/b")

    (text,) = host.visible()
    assert "\n\n> [!CAUTION]\n> **This preview failed.** " in text
    assert f"\n\n{verdict}\n\nThe comment has " in text
    assert "Nothing changes" not in text
    assert "| a row |" not in text


@pytest.mark.parametrize("kind", ["github"])
def test_a_deployment_has_a_comment_of_its_own_on_the_pull_request_that_was_merged(host: Host, folder: Path) -> None:
    post(render(folder, "1 to replace", 5))
    for text in ("failed half way", "1 replaced"):
        assert main(["post", render(folder, text, 0), "--stack", STACK, "--merged", MERGED]) == 0

    identity = "cleanrooms-resource-applied:cleanrooms/example"
    assert host.visible() == [body("1 to replace", 5), body("1 replaced", 0, identity)]
    assert len(host.comments) == 3


@pytest.mark.parametrize("kind", ["github"])
def test_a_commit_of_no_pull_request_is_told_nowhere(host: Host, folder: Path) -> None:
    assert main(["post", render(folder, "1 replaced", 0), "--stack", STACK, "--merged", HEAD]) == 0
    assert host.requests == []


def test_a_host_that_refuses_is_quoted(host: Host, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    host.refusal = (403, {"message": "Resource not accessible by integration"})

    assert post(render(folder, "1 to create", 2)) == 1
    assert "The comment is not posted. " in (error := capsys.readouterr().err)
    assert "with the status 403: " in error
    assert "Resource not accessible by integration" in error


@pytest.mark.parametrize("answer", [None, [], "text", {}, {"data": None}, {"data": {"repository": None}}, {"errors": ["x"]}])
def test_an_answer_of_another_form_is_no_crash(host: Host, folder: Path, answer: object, capsys: pytest.CaptureFixture[str]) -> None:
    host.refusal = (200, answer)

    assert post(render(folder, "1 to create", 2)) == 1
    assert "The host answered with JSON of another form" in capsys.readouterr().err


def test_an_empty_comment_is_not_posted(host: Host, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "empty.md").write_text("\n")

    assert post(str(folder / "empty.md")) == 2
    assert "is empty" in capsys.readouterr().err
    assert host.requests == []


def test_a_host_that_does_not_answer_is_named(host: Host, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_GRAPHQL_URL", "CI_API_V4_URL", "SYSTEM_COLLECTIONURI"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")

    assert post(render(folder, "1 to create", 2)) == 1
    assert "127.0.0.1:1 did not answer" in capsys.readouterr().err
    assert host.requests == []


@pytest.mark.parametrize("kind", ["github"])
@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--stack", "example"], 2, "example is not a stack. Write the project, a slash, and the stack, such as cleanrooms/example."),
        (["--stack", STACK], 2, "There is no FILE, and no stack has failed."),
        (["absent.md", "--stack", STACK], 2, "The file absent.md cannot be read: No such file or directory. Check the path."),
        (["--stack", STACK, "--failed", STACK], 1, "The empty text is not the number of a pull request. Name it with --pull-request."),
        (["--stack", STACK, "--failed", STACK, "--pull-request", "7/../8"], 1, "7/../8 is not the number of a pull request."),
    ],
)
@pytest.mark.usefixtures("host")
def test_wrong_usage_is_an_error_that_says_what_to_write(arguments: list[str], status: int, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["post", *arguments]) == status
    assert message in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["github"])
@pytest.mark.usefixtures("host")
def test_outside_a_job_the_variables_are_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("GITHUB_ACTIONS")

    assert post("--failed", STACK) == 1
    assert "GITHUB_ACTIONS, GITLAB_CI and TF_BUILD are not set" in capsys.readouterr().err
