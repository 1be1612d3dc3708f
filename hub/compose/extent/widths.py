"""The widest a template can become, piece by piece: no value within its bounds makes it wider."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

from hub.compose.alphabet import Encoding, is_gsm, transliterate
from hub.compose.extent.bounds import WIDE, Bounds, candidates, kind_of, may_be_costly
from hub.compose.extent.outline import Choice, Loop, Node, Show, Words, outline_of, told, worlds_of
from hub.compose.faults import RenderError
from hub.compose.filters import Scope
from hub.compose.grammar import MOST_ITEMS
from hub.compose.language import Variable
from hub.compose.outputs import Part
from hub.compose.segments import ROOM, Count, units_of

_LANGUAGES = ("en", "fr", "es", "it", "de")
_LINK = "https://lnk.fr/3fKx9QbT0a"


@dataclass(frozen=True, slots=True)
class Width:
    """Units as GSM-7 and as UCS-2, how many of them may be halves of pairs, and whether one
    character may make the whole UCS-2."""

    gsm: int = 0
    ucs: int = 0
    pairs: int = 0
    costly: bool = False

    def __add__(self, other: "Width") -> "Width":
        return Width(
            self.gsm + other.gsm,
            self.ucs + other.ucs,
            self.pairs + other.pairs,
            self.costly or other.costly,
        )

    def __or__(self, other: "Width") -> "Width":
        """The wider in each respect."""
        return Width(
            max(self.gsm, other.gsm),
            max(self.ucs, other.ucs),
            max(self.pairs, other.pairs),
            self.costly or other.costly,
        )

    def times(self, n: int) -> "Width":
        """So many of these."""
        return Width(self.gsm * n, self.ucs * n, self.pairs * n, self.costly and n > 0)

    def count(self) -> Count:
        """The most that such a text costs: no text within this width takes more parts."""
        encoding: Encoding = "UCS2" if self.costly else "GSM7"
        units = self.ucs if self.costly else self.gsm
        single, room = ROOM[encoding]
        if units <= single:
            return Count(encoding, units, 1, single - units)
        parts = 2
        while (space := parts * room - min(parts - 1, self.pairs)) < units:
            parts += 1
        return Count(encoding, units, parts, space - units)


@dataclass(frozen=True)
class Ruler:
    """Measures pieces for one language. `real` are values that were seen, which count as well."""

    language: str
    bounds: Bounds
    transliterate: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    real: Sequence[Mapping[str, object]] = ()
    zone: str = "UTC"
    _known: dict[Part, Width] = field(default_factory=dict)

    def widest(self, outline: Sequence[Node]) -> Width:
        """Over every branch, each list at its longest."""
        return max(self.each(outline), key=_cost)

    def each(self, outline: Sequence[Node]) -> Iterator[Width]:
        """One width for every way the questions may be answered; one for all if they are many."""
        worlds = worlds_of(outline)
        if worlds is None:
            yield self.total(outline)
        for world in worlds or ():
            yield self.total(told(outline, world))

    def total(self, outline: Iterable[Node]) -> Width:
        """The sum of these pieces; of a choice that is left, its widest branch."""
        return sum((self._piece(node) for node in outline), Width())

    def _piece(self, node: Node) -> Width:
        match node:
            case Words():
                return self.of(node.text)
            case Show():
                if node.part not in self._known:
                    self._known[node.part] = self._shown(node)
                return self._known[node.part]
            case Loop():
                return self.total(node.body).times(self._items(node.name))
            case Choice():
                branches = (self.total(body) for _, body in node.branches)
                return reduce(Width.__or__, branches, Width())

    def of(self, text: str) -> Width:
        """A fixed text's."""
        text = transliterate(text) if self.transliterate else text
        gsm, ucs = units_of(text, "GSM7"), units_of(text, "UCS2")
        return Width(gsm, ucs, max(gsm, ucs) - len(text), not is_gsm(text))

    def _items(self, name: str) -> int:
        found = [value for one in self.real if isinstance(value := one.get(name), list)]
        return min(MOST_ITEMS, max([self.bounds.items, *map(len, found)]))

    def _shown(self, show: Show) -> Width:
        texts = {self._words(show, {}), *self._seen(show)}
        if show.reference.kind == "url" or show.chain.short:
            return reduce(Width.__or__, map(self.of, texts), self._address(show))
        values = self._candidates(show)
        texts.update(self._words(show, _placed(show, value)) for value in values)
        declared = Width() if values else self._declared(show)
        return reduce(Width.__or__, map(self.of, texts), declared)

    def _candidates(self, show: Show) -> Sequence[object]:
        kind = show.reference.kind
        if show.name in self.bounds.known:
            return [self.bounds.known[show.name]]
        if kind == "list" and any(name == "plural" for name, _ in show.chain.named):
            return [["x"] * n for n in (0, 1, 2)]
        return candidates(kind_of(show.name, "any" if kind == "list" else kind), self.bounds)

    def _declared(self, show: Show) -> Width:
        """A text's, after its filters."""
        longest = units = self.bounds.width(show.name)
        for name, arguments in show.chain.named:
            if name == "truncate_gsm" and isinstance(arguments[0], int):
                units = min(units, arguments[0])
            elif name in ("upper", "lower") and units < longest:
                units = min(longest + len("..."), 3 * units)  # ß is SS in capitals
        costly = may_be_costly(show.name) and not self.transliterate
        return Width(units, units, units // 2, costly)

    def _address(self, show: Show) -> Width:
        made = show.chain.short or show.name == "page_url"
        length = self.bounds.link if made else self.bounds.url
        return Width(length, length)

    def _seen(self, show: Show) -> Iterator[str]:
        if show.chain.short:
            return
        for one in self.real:
            if "." not in show.reference.label:
                yield self._words(show, one)
            else:
                items = (i for value in one.values() if isinstance(value, list) for i in value)
                yield from (self._words(show, {"": item}) for item in items)

    def _words(self, show: Show, values: Mapping[str, object]) -> str:
        """What is shown for these values; "" where nothing can be."""
        short = self.bounds.link
        scope = Scope(
            values,
            self.language,
            self.zone,
            self.defaults,
            lambda *_: _LINK.ljust(short, "x")[:short],
            values.get(""),
        )
        try:
            words = show.part(scope)
        except RenderError:
            return ""
        return words


def _placed(show: Show, value: object) -> Mapping[str, object]:
    """The value where this place looks for it; "" stands for the item of a loop."""
    label, kind = show.reference.label, show.reference.kind
    if "." in label or kind == "any":
        return {"": {show.name: value} if "." in label else value}
    if kind == "list" and not isinstance(value, list):
        return {label: [{show.name: value} if show.chain.fields else value]}
    return {label: value}


def _cost(width: Width) -> tuple[int, int]:
    counted = width.count()
    return counted.parts, counted.units


def most_characters(
    source: str, variables: Iterable[Variable], *, event: str = "", each: str = ""
) -> int:
    """How many characters a template can make, in any language, for values in their bounds."""
    if "{" not in source:
        return len(source.strip())
    outline = outline_of(source, variables, event=event, each=each)
    rulers = [Ruler(language, WIDE) for language in _LANGUAGES]
    return max(width.ucs for ruler in rulers for width in ruler.each(outline))
