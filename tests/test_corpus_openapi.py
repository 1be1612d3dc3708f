"""The API held against its own description: whatever the description allows or forbids is sent,
and the answer is never a mistake of the hub, and never other than described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hub.store import keys
from hub.web.api import PREFIX

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance,
          response_schema_conformance]  # fmt: skip
FEW = settings(
    max_examples=6, deadline=None, derandomize=True, database=None,
    phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def document(flask_app, ground, workspace):
    """The description, and a key for everything it describes."""
    with ground.database.begin() as db:
        key = keys.make(db, workspace, "corpus", keys.SCOPES)
    loaded = schemathesis.openapi.from_wsgi(f"{PREFIX}/openapi.json", flask_app)
    return loaded, {"Authorization": f"Bearer {key}"}


def test_no_request_that_the_description_can_think_of_is_a_mistake_of_the_hub(document):
    loaded, headers = document
    broken = []
    for found in loaded.get_all_operations():
        operation = found.ok()

        @FEW
        @_given(operation)
        def hold(case):
            case.call_and_validate(headers=headers, checks=CHECKS)

        try:
            hold()
        except (Exception, BaseExceptionGroup) as failure:
            broken.append(f"{operation.label}: {_words(failure)}")
    assert not broken, "\n\n".join(broken)


def _given(operation):
    return given(case=operation.as_strategy())


def _words(failure):
    """Every failure within, in a few lines each."""
    inner = getattr(failure, "exceptions", None)
    if inner:
        return " / ".join(map(_words, inner))
    return f"{type(failure).__name__}: {failure}"[:1200]
