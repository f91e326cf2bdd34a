"""Writing a preset into the database: a new version where it changed, its ladders with it."""

import hashlib
from datetime import date, datetime

from django.db import transaction

from duties.workflow import publish_ladder
from programmes.models import Domain, Grade, Programme, ProgrammeVersion, Prompt, Tag
from programmes.preset import Preset, read_common_ladders


@transaction.atomic
def load_preset(preset: Preset, *, at: datetime, effective_from: date) -> ProgrammeVersion:
    """Publish a preset as the next version of its programme; nothing happens where it is the newest already.

    A version that audits are pinned to never changes.
    """
    facts = preset.programme
    programme, _ = Programme.objects.update_or_create(
        slug=facts.slug, defaults={"title": facts.title, "short_title": facts.short_title, "purpose": facts.purpose}
    )
    digest = hashlib.sha256(preset.model_dump_json().encode()).hexdigest()
    newest = programme.versions.order_by("-number").first()
    if newest and newest.source_digest == digest:
        return newest
    version = ProgrammeVersion.objects.create(
        programme=programme, number=newest.number + 1 if newest else 1, effective_from=effective_from,
        source_digest=digest, policy=preset.policy.model_dump(mode="json"), published_at=at,
        judgement_hints={row.slug: row.hint for row in preset.form.judgements},
        domain_set=preset.form.domain_set.label, domain_set_note=preset.form.domain_set.note,
        form=preset.form.asks.model_dump(mode="json"),
    )
    _write_domains(version, preset)
    _write_grades(version, preset)
    _write_tags(version, preset)
    for kind, rungs in preset.ladders.items():
        publish_ladder(kind=kind, programme=facts.slug, rungs=[rung.model_dump(mode="json") for rung in rungs], at=at)
    return version


def load_common_ladders(*, at: datetime) -> int:
    """Publish the ladders of what belongs to no programme; gives how many there are."""
    ladders = read_common_ladders()
    for kind, rungs in ladders.items():
        publish_ladder(kind=kind, rungs=[rung.model_dump(mode="json") for rung in rungs], at=at)
    return len(ladders)


def _write_domains(version: ProgrammeVersion, preset: Preset) -> None:
    for position, row in enumerate(preset.form.domains, start=1):
        domain = Domain.objects.create(version=version, position=position, slug=row.slug, title=row.title,
                                       categories=list(row.categories))
        Prompt.objects.bulk_create(
            Prompt(domain=domain, position=number, text=text) for number, text in enumerate(row.prompts, start=1)
        )


def _write_grades(version: ProgrammeVersion, preset: Preset) -> None:
    Grade.objects.bulk_create(
        Grade(version=version, position=position, slug=row.slug, label=row.label, short_label=row.short_label,
              criteria=row.criteria, colour=row.colour, ofsted_group=row.ofsted_group,
              is_good_or_better=row.good_or_better, is_inadequate=row.inadequate,
              needs_good_elements=row.needs_good_elements)
        for position, row in enumerate(preset.form.grades, start=1)
    )


def _write_tags(version: ProgrammeVersion, preset: Preset) -> None:
    asks = preset.form.asks
    for kind, tags in ((Tag.Kind.GOOD_PRACTICE, asks.good_practice_tags), (Tag.Kind.LEARNING, asks.themes)):
        Tag.objects.bulk_create(
            Tag(version=version, kind=kind, position=position, slug=tag.slug, label=tag.label)
            for position, tag in enumerate(tags, start=1)
        )
