"""What each forbidden construct is called, and what to write instead."""

from jinja2 import nodes

from hub.compose.faults import TemplateError

_ALLOWED = "Use a variable, «if» or «for»."
_REFUSED: tuple[tuple[type[nodes.Node] | tuple[type[nodes.Node], ...], str], ...] = (
    (nodes.Call, f"A call, «name()», cannot be used in a message. {_ALLOWED}"),
    (
        nodes.Getattr,
        "An attribute, «name.field», can only be a field of the item inside «for».",
    ),
    (nodes.Getitem, f"A subscript, «name[...]», cannot be used in a message. {_ALLOWED}"),
    (nodes.Concat, "Joining with «~» is not allowed. Write the texts one after the other."),
    (nodes.Test, "A test, «is ...», is not allowed. Write «{% if name %}»."),
    (nodes.CondExpr, "A short «... if ... else ...» is not allowed. Write {% if %}...{% endif %}."),
    (nodes.Compare, "A comparison can only stand in an «if»."),
    ((nodes.And, nodes.Or, nodes.Not), "«and», «or» and «not» can only stand in an «if»."),
    ((nodes.BinExpr, nodes.UnaryExpr), "Arithmetic is not allowed. Send the result as a variable."),
    (nodes.Filter, "A filter cannot be used in an «if» or a «for». Put it where the value shows."),
    (nodes.Const, "A constant cannot be shown with {{ }}. Write it as plain text."),
    (
        (nodes.List, nodes.Tuple, nodes.Dict),
        "A list of constants is not allowed. Compare with one value at a time.",
    ),
    ((nodes.Assign, nodes.AssignBlock), f"«set» cannot be used in a message. {_ALLOWED}"),
    ((nodes.Macro, nodes.CallBlock), f"«macro» and «call» cannot be used. {_ALLOWED}"),
    (
        (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends),
        "Another template cannot be included or imported. Write the text here.",
    ),
    (nodes.Block, f"«block» cannot be used in a message. {_ALLOWED}"),
    (nodes.FilterBlock, "A filter block is not allowed. Put the filter on each variable."),
    (nodes.With, f"«with» cannot be used in a message. {_ALLOWED}"),
    (nodes.Scope, "«autoescape» cannot be used: a message is plain text."),
)


def refusal(node: nodes.Node) -> TemplateError:
    """The error that names this construct."""
    for kinds, words in _REFUSED:
        if isinstance(node, kinds):
            return TemplateError(_line(node), words)
    construct = type(node).__name__
    return TemplateError(_line(node), f"«{construct}» cannot be used in a message. {_ALLOWED}")


def _line(node: nodes.Node) -> int:
    # Jinja wraps «autoescape» in a node that has no line of its own.
    inner = (child.lineno for child in node.find_all(nodes.Node))
    return node.lineno or next((line for line in inner if line), 1)
