"""A process that has imported everything that Pulumi's host imports, and forks a host for every line of its standard input.

The process itself starts no thread, opens no connection and calls no provider, so every fork is as fresh as a host that Pulumi starts, in a
fiftieth of the time. A fork prints its process id and then runs ``python -m pulumi.dynamic``, which prints its port.
"""

from __future__ import annotations

import gc
import os
import runpy
import signal
import sys

import boto3
import pulumi.dynamic.dynamic
from botocore.loaders import JSONFileLoader
from botocore.retries.standard import ExponentialBackoff

import cleanrooms_resource.provider
from cleanrooms_resource.aws.waiting import WAITING
from cleanrooms_resource.declaration.canonical_form import canonicalize

__all__ = ["cleanrooms_resource", "pulumi"]

# AWS's dates are whole seconds: with patience below zero, a collaboration made just now is old enough to be called gone.
WAITING.until_listed = -2.0
WAITING.until_readable = -2.0
# The walks read the name of an exception from the traceback, which users do not get.
vars(cleanrooms_resource.provider)["answer_without_traceback"] = lambda *_: None
ExponentialBackoff.delay_amount = lambda *_: 0  # type: ignore[method-assign,assignment,unused-ignore]


def read_ahead() -> None:
    """Read the files that every host would read: botocore's models, and those that a declaration is compared with."""
    load_file, contents = JSONFileLoader.load_file, {}

    def load_file_once(loader: JSONFileLoader, path: str) -> object:
        if path not in contents:
            contents[path] = load_file(loader, path)
        return contents[path]

    JSONFileLoader.load_file = load_file_once
    session = boto3.Session("x", "y", region_name="us-east-1")
    for service in ("cleanrooms", "sts"):
        session.client(service)
    canonicalize({})


def run_host() -> None:
    """Run Pulumi's host in this process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    print(os.getpid(), flush=True)  # noqa: T201 - the reader waits for it
    sys.argv = ["pulumi.dynamic"]
    runpy.run_module("pulumi.dynamic", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    read_ahead()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in iter(sys.stdin.buffer.readline, b""):
        if os.fork() == 0:
            run_host()
    # Whoever started this process has ended.
    os.killpg(0, signal.SIGKILL)
