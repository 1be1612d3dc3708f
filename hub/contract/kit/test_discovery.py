import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.contract.kit.discovery import Discovery

DOCUMENT: dict[str, Any] = {
    "servicePath": "books/v1/",
    "parameters": {"alt": {"type": "string", "enum": ["json"], "location": "query"}},
    "schemas": {
        "Book": {
            "type": "object",
            "properties": {
                "title": {"type": "string"},
                "pages": {"type": "integer", "format": "int32", "minimum": "1"},
                "sold": {"type": "string", "format": "int64"},
                "price": {"type": "number"},
                "lent": {"type": "boolean"},
                "printed": {"type": "string", "format": "date-time"},
                "day": {"type": "string", "format": "date"},
                "state": {"type": "string", "enum": ["new", "used"]},
                "authors": {"type": "array", "items": {"$ref": "Author"}},
                "marks": {"type": "object", "additionalProperties": {"type": "string"}},
                "anything": {"type": "any"},
            },
        },
        "Author": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
    "resources": {
        "books": {
            "methods": {
                "list": {
                    "id": "books.list",
                    "httpMethod": "GET",
                    "path": "shelves/{shelf}/books",
                    "scopes": ["read"],
                    "parameters": {
                        "shelf": {"type": "string", "location": "path", "required": True},
                        "most": {"type": "integer", "minimum": "1", "maximum": "50"},
                        "since": {"type": "string", "format": "date-time"},
                        "old": {"type": "boolean"},
                        "tag": {"type": "string", "repeated": True, "pattern": "[a-z]+"},
                    },
                },
                "add": {
                    "id": "books.add",
                    "httpMethod": "POST",
                    "path": "shelves/{shelf}/books/{place}",
                    "request": {"$ref": "Book"},
                    "parameters": {
                        "shelf": {"type": "string", "required": True},
                        "place": {"type": "string", "required": True},
                    },
                },
                "watch": {
                    "id": "books.watch",
                    "httpMethod": "POST",
                    "path": "shelves/{shelf}/books/watch",
                    "parameters": {"shelf": {"type": "string", "required": True}},
                },
                "append": {
                    "id": "books.append",
                    "httpMethod": "POST",
                    "path": "shelves/{shelf}:append",
                    "parameters": {"shelf": {"type": "string", "required": True}},
                },
            },
        }
    },
}


@pytest.fixture
def books(tmp_path: Path) -> Discovery:
    file = tmp_path / "books.v1.json"
    file.write_text(json.dumps(DOCUMENT), "utf-8")
    return Discovery.read(file)


def faults(books: Discovery, body: Any = None, **query: Any) -> list[str]:
    named = "books.list" if body is None else "books.add"
    where = {"shelf": "a"} if body is None else {"shelf": "a", "place": "1"}
    return books.check(named, where, query, body)


def test_a_path_is_matched_below_its_base_and_its_parameters_are_decoded(books):
    found = books.match("GET", "/books/v1/shelves/a%40b%2Fc/books", "/books/v1/")
    assert found == ("books.list", {"shelf": "a@b/c"})


def test_the_most_literal_path_wins(books):
    assert books.match("POST", "shelves/a/books/watch")[0] == "books.watch"
    assert books.match("POST", "shelves/a/books/12")[0] == "books.add"
    assert books.match("POST", "shelves/a%3Ab:append") == ("books.append", {"shelf": "a:b"})


@pytest.mark.parametrize(
    ("verb", "path"), [("PUT", "shelves/a/books"), ("GET", "shelves/a"), ("GET", "")]
)
def test_an_unknown_method_or_path_is_a_fault(books, verb, path):
    method_id, where = books.match(verb, path)
    assert method_id == ""
    assert books.check(method_id, where, {}) == ["There is no such method and path."]


def test_a_good_query_has_no_fault(books):
    since = "2026-06-12T09:00:00+02:00"
    assert not faults(books, most="50", since=since, old="true", tag=["a", "b"], alt="json")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("most", "51"),
        ("most", "0"),
        ("most", "many"),
        ("most", ["1", "2"]),
        ("since", "2026-06-12T09:00:00"),
        ("since", "2026-13-12T09:00:00Z"),
        ("since", "yesterday"),
        ("old", "True"),
        ("tag", ["a", "B"]),
        ("alt", "xml"),
        ("unheard", "1"),
    ],
)
def test_a_wrong_parameter_is_named_in_the_fault(books, name, value):
    (fault,) = faults(books, **{name: value})
    assert f"«{name}»" in fault


def test_a_missing_path_parameter_is_a_fault(books):
    assert books.check("books.list", {}, {}) == ["the parameter «shelf» is missing."]


def test_a_good_body_has_no_fault(books):
    assert not faults(
        books,
        {
            "title": "Tides",
            "pages": 12,
            "sold": "9007199254740993",
            "price": 3,
            "lent": False,
            "printed": "2026-06-12T09:00:00",
            "day": "2026-06-12",
            "state": "new",
            "authors": [{"name": "Zoë"}],
            "marks": {"any": "text"},
            "anything": [1, {"deep": None}],
        },
    )


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"titel": "x"}, "the body: «titel»"),
        ({"title": 1}, "the body.title"),
        ({"pages": True}, "the body.pages"),
        ({"pages": 0}, "the body.pages"),
        ({"pages": 2**31}, "the body.pages"),
        ({"sold": "many"}, "the body.sold"),
        ({"printed": "2026-06-12"}, "the body.printed"),
        ({"day": "20260612"}, "the body.day"),
        ({"state": "lost"}, "the body.state"),
        ({"authors": {"name": "x"}}, "the body.authors"),
        ({"authors": [{"name": "x"}, {"nom": "y"}]}, "the body.authors[1]: «nom»"),
        ({"marks": {"any": 1}}, "the body.marks.any"),
        ([], "the body"),
    ],
)
def test_a_wrong_body_says_where(books, body, at):
    (fault,) = faults(books, body)
    assert fault.startswith(at)


def test_null_clears_a_field_and_is_no_fault(books):
    assert not faults(books, {"title": None, "authors": None, "marks": {"any": None}})


def test_a_body_where_none_is_taken_is_a_fault(books):
    assert books.check("books.watch", {"shelf": "a"}, {}, {"id": "1"}) == [
        "books.watch takes no body."
    ]


def test_the_scopes_of_a_method_are_told(books):
    assert books.method("books.list").scopes == ("read",)
    assert books.method("books.burn") is None


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*DOCUMENT["schemas"]["Book"]["properties"], "name", "x"]), inner
        )
    ),
    max_leaves=8,
)


@given(_json)
def test_no_body_whatever_raises(body):
    books = _from_document()
    assert all(isinstance(words, str) for words in faults(books, body))


def _from_document() -> Discovery:
    class Shelf:
        def read_text(self, _encoding: str) -> str:
            return json.dumps(DOCUMENT)

    return Discovery.read(Shelf())
