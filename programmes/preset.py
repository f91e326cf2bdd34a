"""A programme as a file: its form (domains, judgements, grades), policy and ladders, read from YAML and checked."""

import re
from collections.abc import Hashable
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from programmes.asks import Asks, Slug, Text
from programmes.policy import Flag, Ladders, Part, Policy, PolicyError, Positive, Rung, read_ladders, upgrade
from programmes.problems import sentences

FOLDER = Path(__file__).parent / "presets"
COMMON_LADDERS = Path(__file__).parent / "common_ladders.yaml"
CONCERN_LADDER = "concern.acknowledge"
BOOLEAN = "tag:yaml.org,2002:bool"

Colour = Literal["green", "teal", "blue", "purple", "magenta", "yellow", "orange", "red", "grey"]


class ProgrammeFacts(Part):
    """What the programme is called and where it comes from."""

    slug: Slug
    title: Text
    short_title: Text
    source: Text
    purpose: Text
    kind: Literal["monthly", "event", "campaign"]
    graded: Flag


class DomainSet(Part):
    """Where the domains come from, and until when that source is in force."""

    label: Text
    note: Text
    in_force_until: date | None = None


class Judgement(Part):
    """One answer for a domain. `judges` is false for the answer that leaves the domain out."""

    slug: Slug
    label: Text
    colour: Colour
    hint: Text
    judges: Flag


class Domain(Part):
    """One domain with its advisory prompts (S1-33)."""

    slug: Slug
    title: Text
    source_statement: Positive | None = None
    categories: tuple[Slug, ...] = ()  # of case files; none means all (S2-46)
    prompts: Annotated[tuple[Text, ...], Field(min_length=1)]


class Grade(Part):
    """One grade of the scale, best first, with the descriptor that auditors see (S1-35)."""

    slug: Slug
    label: Text
    short_label: Text
    colour: Colour
    ofsted_group: Literal["outstanding", "good", "requires_improvement", "inadequate"]
    good_or_better: Flag
    inadequate: Flag
    needs_good_elements: Flag
    descriptor: Annotated[tuple[Text, ...], Field(min_length=1)]
    examples: tuple[Text, ...] = ()

    @property
    def criteria(self) -> list[str]:
        """Every criterion a line, then the examples, marked as such."""
        return [*self.descriptor, *(f"For example: {example}" for example in self.examples)]


class Form(Part):
    """What an audit asks for."""

    domain_set: DomainSet
    judgements: Annotated[tuple[Judgement, ...], Field(min_length=2)]
    domains: Annotated[tuple[Domain, ...], Field(min_length=1)]
    grades: tuple[Grade, ...] = ()
    asks: Asks = Asks()

    @model_validator(mode="after")
    def _slugs_once(self) -> "Form":
        """Answers, domains and grades are told apart by their slugs."""
        for rows in (self.judgements, self.domains, self.grades):
            slugs = [row.slug for row in rows]
            if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
                raise ValueError(f"the slug “{twice[0]}” stands there twice")
        return self


class Preset(Part):
    """A whole programme."""

    programme: ProgrammeFacts
    form: Form
    policy: Policy
    ladders: Ladders

    @model_validator(mode="after")
    def _graded_has_grades(self) -> "Preset":
        """A graded programme has a scale; one without grades has none (S4-14)."""
        if self.programme.graded != bool(self.form.grades):
            raise ValueError("a graded programme needs grades, and one that is not graded has none")
        return self

    @model_validator(mode="after")
    def _concern_hours_agree(self) -> "Preset":
        """The ladder of a concern tells each manager at the hour that the policy states (S1-27).

        Its duty falls due when the group manager is to be told, so offsets count from that hour.
        """
        hours = self.policy.timescales.concern_hours
        for role, hour in hours:
            if not self._concern_tells(role, hour - hours.group_manager):
                raise ValueError(f"the ladder {CONCERN_LADDER} does not tell {role} after the policy’s {hour} hours")
        return self

    def _concern_tells(self, role: str, offset: int) -> bool:
        """Whether some rung of the concern's ladder tells `role` so many hours after the due time."""
        rungs = self.ladders.get(CONCERN_LADDER, ())
        return any(
            (rung.unit, rung.offset, rung.when != "before") == ("hours", offset, True) and role in rung.tell
            for rung in rungs
        )

    def ladder_rows(self) -> dict[str, list[dict[str, Any]]]:
        """The ladders as rows for the database, by kind of duty."""
        return {kind: [rung.model_dump(mode="json", exclude_defaults=True) for rung in rungs]
                for kind, rungs in self.ladders.items()}


def read_common_ladders() -> dict[str, tuple[Rung, ...]]:
    """The ladders of what belongs to no programme. Raises PolicyError."""
    return read_ladders(_load(COMMON_LADDERS.read_text(encoding="utf-8")))


def preset_paths() -> list[Path]:
    """The presets that come with the portal, in alphabetical order."""
    return sorted(FOLDER.glob("*.yaml"))


def read_preset(path: Path) -> Preset:
    """The programme in a file, its policy at the current schema version. Raises PolicyError naming the file."""
    try:
        return parse_preset(path.read_text(encoding="utf-8"))
    except PolicyError as error:
        raise PolicyError(f"{path.name}: {error}") from None


def parse_preset(text: str) -> Preset:
    """The programme in a YAML text. Raises PolicyError."""
    document = _with_likeness(_load(text))
    if isinstance(document.get("policy"), dict):
        document["policy"] = upgrade(document["policy"])
    try:
        return Preset.model_validate(document)
    except ValidationError as error:
        raise PolicyError(sentences(error, Preset)) from None


def _with_likeness(document: dict[str, Any]) -> dict[str, Any]:
    """What this preset takes from another one: its ladders (`ladders_like`), how it asks families (`family_like`)."""
    if like := document.pop("ladders_like", None):
        document["ladders"] = _other(like, "ladders_like")["ladders"] | document.get("ladders", {})
    asks = document["form"].get("asks") if isinstance(document.get("form"), dict) else None
    if isinstance(asks, dict) and (like := asks.pop("family_like", None)):
        asks["family"] = _other(like, "family_like")["form"]["asks"]["family"]
    return document


def _other(slug: str, where: str) -> dict[str, Any]:
    path = FOLDER / f"{slug}.yaml"
    if path not in preset_paths():
        raise PolicyError(f"{where}: there is no preset “{slug}”.")
    return _load(path.read_text(encoding="utf-8"))


def _load(text: str) -> dict[str, Any]:
    """The mapping in a YAML text. Raises PolicyError for anything else."""
    try:
        document = yaml.load(text, Loader=_OnceLoader)  # noqa: S506  a SafeLoader
    except yaml.YAMLError as error:
        raise PolicyError(f"This is not YAML that can be read: {error}") from None
    if not isinstance(document, dict):
        raise PolicyError("A programme needs the parts programme, form, policy and ladders.")
    return document


class _OnceLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice, where YAML would drop the first without a word.

    Only true and false are booleans, as in YAML 1.2: "on" is a word here.
    """

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != BOOLEAN]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """The mapping, every key once."""
        keys = [self.construct_object(key, deep=deep) for key, _ in node.value]
        if twice := [key for key in keys if keys.count(key) > 1]:
            raise yaml.constructor.ConstructorError(None, None, f"“{twice[0]}” stands there twice", node.start_mark)
        return super().construct_mapping(node, deep=deep)


_OnceLoader.add_implicit_resolver(BOOLEAN, re.compile("^(?:true|false)$"), ["t", "f"])
