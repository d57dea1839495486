"""The Python blocks of a page, each completed to a program that runs."""

from __future__ import annotations

import ast
import copy
from functools import cache

from pages.blocks import PAGES, Block, Kind, read_page

_IMPORTS = "import pulumi\n\nimport cleanrooms_resource as cleanrooms\n"


class Programs:
    """The Python blocks of a page so far. A block runs after those that define the names that it uses."""

    def __init__(self) -> None:
        self._earlier: list[ast.Module] = []
        self._others = _OtherArguments()

    def complete(self, text: str) -> str:
        """Return the program that a block is a part of."""
        block = ast.parse(text)
        earlier = self._find_definitions(block)
        self._earlier.append(block)
        statements = copy.deepcopy([each for part in [*earlier, block] for each in part.body])
        program = self._others.visit(ast.Module(statements, []))
        if not earlier and Block("python", text).kind is Kind.PROGRAM:
            return text
        return f"{_IMPORTS}\n{ast.unparse(ast.fix_missing_locations(program))}\n"

    def _find_definitions(self, block: ast.Module) -> list[ast.Module]:
        """Return the earlier blocks that define what a block uses, in the order of the page."""
        found: list[ast.Module] = []
        missing = (
            _list_names(block, ast.Load) - _list_names(block, ast.Store) - {"pulumi", "cleanrooms"}
        )
        for each in reversed(self._earlier):
            if missing & _list_names(each, ast.Store):
                found.insert(0, each)
                missing = (missing | _list_names(each, ast.Load)) - _list_names(each, ast.Store)
        return found


class _OtherArguments(ast.NodeTransformer):
    """Puts the arguments that `...` stands for: those of the page's last collaboration of that name, or of the first one in README.md."""

    def __init__(self, default: dict[str, ast.expr] | None = None) -> None:
        self._default = _read_first_arguments() if default is None else default
        self._by_resource: dict[str, dict[str, ast.expr]] = {}

    def visit_Call(self, call: ast.Call) -> ast.Call:
        self.generic_visit(call)
        if not (
            isinstance(call.func, ast.Attribute) and call.func.attr == "Collaboration" and call.args
        ):
            return call
        resource = ast.unparse(call.args[0])
        arguments = {each.arg: each.value for each in call.keywords if each.arg}
        if any(_is_ellipsis(each) for each in call.args):
            call.args = [each for each in call.args if not _is_ellipsis(each)]
            arguments = self._by_resource.get(resource, self._default) | arguments
            call.keywords = [
                ast.keyword(name, copy.deepcopy(value)) for name, value in arguments.items()
            ]
        for argument in call.keywords:
            if isinstance(argument.value, ast.List) and any(map(_is_ellipsis, argument.value.elts)):
                others = self._by_resource.get(resource, self._default)[argument.arg or ""]
                new = [each for each in argument.value.elts if not _is_ellipsis(each)]
                argument.value = ast.List(
                    [*(others.elts if isinstance(others, ast.List) else ()), *new], ast.Load()
                )
                arguments[argument.arg or ""] = argument.value
        # `import_` is of one resource at AWS, and `protect` is the decision of each example.
        self._by_resource[resource] = {
            name: value for name, value in arguments.items() if name != "opts"
        }
        return call


def read_first_program() -> str:
    """Return the first program of README.md."""
    return next(
        str(example.parsed.text)
        for example in read_page(PAGES[0])
        if example.parsed.kind is Kind.PROGRAM
    )


@cache
def _read_first_arguments() -> dict[str, ast.expr]:
    calls = (
        each for each in ast.walk(ast.parse(read_first_program())) if isinstance(each, ast.Call)
    )
    first = next(each for each in calls if ast.unparse(each.func) == "cleanrooms.Collaboration")
    return {each.arg: each.value for each in first.keywords if each.arg and each.arg != "opts"}


def _is_ellipsis(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _list_names(tree: ast.AST, context: type[ast.expr_context]) -> set[str]:
    names = {
        each.id
        for each in ast.walk(tree)
        if isinstance(each, ast.Name) and isinstance(each.ctx, context)
    }
    if context is ast.Store:
        names |= {
            each.name for each in ast.walk(tree) if isinstance(each, ast.FunctionDef | ast.ClassDef)
        }
        names |= {
            each.asname or each.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for each in node.names
        }
    return names
