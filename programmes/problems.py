"""Turns what pydantic finds wrong with a document into sentences that say where, what, and what to do."""

from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

SENTENCES = {
    "missing": "{place} is missing.",
    "int_type": "{place} must be a whole number, not {given}.",
    "bool_type": "{place} must be true or false, not {given}.",
    "string_type": "{place} must be text, not {given}.",
    "greater_than_equal": "{place} must be {ge} or more, not {given}.",
    "less_than_equal": "{place} must be {le} or less, not {given}.",
    "too_short": "{place} must have {min_length} or more entries.",
    "literal_error": "{place} must be {expected}, not {given}.",
    "enum": "{place} must be {expected}, not {given}.",
    "model_type": "{place} must be a group of keys, not {given}.",
    "tuple_type": "{place} must be a list, not {given}.",
    "dict_type": "{place} must be a group of keys, not {given}.",
    "string_pattern_mismatch": "{place} is not a name that fits here: small letters and underscores.",
    "value_error": "{place}: {error}.",
}


def sentences(error: ValidationError, model: type[BaseModel]) -> str:
    """One sentence a problem, each place once, in the order of the document."""
    problems = error.errors()
    found = dict.fromkeys(_sentence(problem, model) for problem in problems if not _follows(problem, problems))
    return " ".join(found)


def _follows(problem: dict[str, Any], problems: list[dict[str, Any]]) -> bool:
    """A list is "too short" only because its entries are wrong: those are named themselves."""
    loc = problem["loc"]
    return problem["type"] == "too_short" and any(
        other["loc"][: len(loc)] == loc and len(other["loc"]) > len(loc) for other in problems
    )


def _sentence(problem: dict[str, Any], model: type[BaseModel]) -> str:
    """What is wrong at one place."""
    place = _place(problem["loc"])
    if problem["type"] == "extra_forbidden":
        return _unknown_key(place, problem["loc"], model)
    wording = SENTENCES.get(problem["type"], "{place}: {msg}.")
    given = f"“{problem['input']}”"
    return wording.format(**problem.get("ctx", {}), place=place, given=given, msg=problem["msg"])


def _unknown_key(place: str, loc: tuple[str | int, ...], model: type[BaseModel]) -> str:
    """An unknown key, with the known one it resembles, else with all that are known there."""
    known = sorted(_model_at(model, loc[:-1]).model_fields)
    near = get_close_matches(str(loc[-1]), known, n=1)
    advice = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
    return f"{place} is not known. {advice}"


def _place(loc: tuple[str | int, ...]) -> str:
    """ "timescales.review_days", "ladders.audit.check, entry 2, tell"; never pydantic's own "[key]"."""
    words = [f", entry {part + 1}, " if isinstance(part, int) else f"{part}." for part in loc if part != "[key]"]
    return "".join(words).replace(".,", ",").rstrip("., ") or "The document"


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    """The model that describes the place `loc`, as deep as models go."""
    for part in loc:
        field = model.model_fields.get(str(part))
        inner = _models_in(field.annotation) if field else []
        model = inner[0] if inner else model
    return model


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """Every model that an annotation mentions."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models_in(part)]
