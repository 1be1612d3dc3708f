"""A site for each test, cheaply: what writes the address of a route is compiled when it is first
asked for, which in most sites it never is. That is nine tenths of what a site costs to build."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.routing import Rule

Writer = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A route like any other, that learns to write its address late."""

    def _compile_builder(self, append_unknown: bool = True) -> Writer:
        compiled: list[Writer] = []
        compile_now = super()._compile_builder

        def write(rule: Rule, /, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(compile_now(append_unknown))
            return compiled[0](rule, **values)

        return write


def compile_late() -> None:
    """For every site that this process builds from now on."""
    Flask.url_rule_class = LateRule
