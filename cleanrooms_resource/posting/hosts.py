"""The host of the pull request, from the variables that its jobs have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleanrooms_resource.posting import azure_devops, github, gitlab
from cleanrooms_resource.posting.requests import PostingError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleanrooms_resource.posting.publication import PullRequest


def find_pull_request(environment: Mapping[str, str], number: str | None) -> PullRequest:
    """Return the pull request with this number, by default the one that the job is about.

    Raises:
        PostingError: the job belongs to no host that this package knows, lacks a variable, or the host refuses the request.

    """
    if environment.get("GITHUB_ACTIONS"):
        api = _connect_to_github(environment)
        return github.find_pull_request(api, get(environment, "GITHUB_REPOSITORY"), read_number(number or ""))
    if environment.get("GITLAB_CI"):
        project_url = f"{get(environment, 'CI_API_V4_URL')}/projects/{get(environment, 'CI_PROJECT_ID')}"
        number = number or get(environment, "CI_MERGE_REQUEST_IID")
        return gitlab.GitLabMergeRequest(get(environment, "CI_API_V4_URL"), project_url, read_number(number), get(environment, "GITLAB_TOKEN"))
    if environment.get("TF_BUILD"):
        number = number or get(environment, "SYSTEM_PULLREQUEST_PULLREQUESTID")
        return azure_devops.AzurePullRequest(
            get(environment, "SYSTEM_COLLECTIONURI"),
            get(environment, "SYSTEM_TEAMPROJECT"),
            get(environment, "BUILD_REPOSITORY_ID"),
            read_number(number),
            get(environment, "SYSTEM_ACCESSTOKEN"),
        )
    raise PostingError("This is no job of GitHub Actions, GitLab CI or Azure Pipelines: GITHUB_ACTIONS, GITLAB_CI and TF_BUILD are not set.")


def find_merged_pull_requests(environment: Mapping[str, str], commit: str) -> list[PullRequest]:
    """Return the pull requests whose merge made the commit, at GitHub.

    Raises:
        PostingError: this is no job of GitHub Actions, it lacks a variable, or GitHub refuses the request.

    """
    if not environment.get("GITHUB_ACTIONS"):
        raise PostingError("Only GitHub is asked for the pull requests of a merged commit, and GITHUB_ACTIONS is not set.")
    return [*github.find_merged_pull_requests(_connect_to_github(environment), get(environment, "GITHUB_REPOSITORY"), commit)]


def link_run(environment: Mapping[str, str]) -> str:
    """Return the URL of the run; empty where its parts are not known."""
    if environment.get("GITHUB_RUN_ID"):
        server, repository = environment.get("GITHUB_SERVER_URL", ""), environment.get("GITHUB_REPOSITORY", "")
        return f"{server}/{repository}/actions/runs/{environment['GITHUB_RUN_ID']}"
    if environment.get("CI_JOB_URL"):
        return environment["CI_JOB_URL"]
    if environment.get("BUILD_BUILDID"):
        collection, project = environment.get("SYSTEM_COLLECTIONURI", ""), environment.get("SYSTEM_TEAMPROJECTID", "")
        return f"{collection}{project}/_build/results?buildId={environment['BUILD_BUILDID']}"
    return ""


def get(environment: Mapping[str, str], name: str) -> str:
    """Return a variable.

    Raises:
        PostingError: the variable is not set.

    """
    if value := environment.get(name):
        return value
    raise PostingError(f"The variable {name} is not set. Set it in the job.")


def read_number(text: str) -> int:
    """Return the number of a pull request.

    Raises:
        PostingError: the text is not a number.

    """
    if text.isascii() and text.isdecimal():
        return int(text)
    raise PostingError(f"{text or 'The empty text'} is not the number of a pull request. Name it with --pull-request.")


def _connect_to_github(environment: Mapping[str, str]) -> github.GitHubApi:
    return github.GitHubApi(environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"), get(environment, "GITHUB_TOKEN"))
