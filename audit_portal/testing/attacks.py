"""Texts that mean harm wherever they come out again, and a way to put them into every text field of some apps.

Fields are found by walking the models: a new one carries the texts without anybody thinking of it.
"""

import re
from collections.abc import Callable, Iterator

import pgtrigger
from django.apps import apps
from django.db import models

from audits.questions import FIXED
from casefiles.models import CaseFile
from people.models import Staff, Unit

MARK = "zqx"
ATTACKS = (
    f"<script>{MARK}()</script>",
    f"</script><script>{MARK}()</script>",
    f'"><script>{MARK}()</script>',
    f"'><script>{MARK}()</script>",
    f"</textarea><script>{MARK}()</script>",
    f"</title><script>{MARK}()</script>",
    f"</style><script>{MARK}()</script>",
    f"</option></select><img src=x onerror={MARK}()>",
    f"--><img src=x onerror={MARK}()>",
    f"<img src=x onerror={MARK}()>",
    f"<svg/onload={MARK}()>",
    f"<body onload={MARK}()>",
    f"<details open ontoggle={MARK}()>",
    f"<input autofocus onfocus={MARK}()>",
    f'" autofocus onfocus="{MARK}()',
    f"' onmouseover='{MARK}()",
    f"` onmouseover=`{MARK}()",
    f"x onclick={MARK}()",
    f"<a href=javascript:{MARK}()>x</a>",
    f"javascript:{MARK}()//",
    f"JaVaScRiPt&colon;{MARK}()",
    f"data:text/html,<script>{MARK}()</script>",
    f"<iframe srcdoc='<script>{MARK}()</script>'>",
    f"<math><mi xlink:href=javascript:{MARK}()>",
    f"<scr<script>ipt>{MARK}()</scr</script>ipt>",
    f"&lt;script&gt;{MARK}()&lt;/script&gt;",
    f"%3Cscript%3E{MARK}()%3C/script%3E",
    f"\\u003cscript\\u003e{MARK}()\\u003c/script\\u003e",
    f"\u202e<script>{MARK}()</script>",
    f"<ſcript>{MARK}()</ſcript>",
    f"{{{{ 7|add:'1330' }}}}{MARK}",
    f"{{% load static %}}{{% now 'Y' %}}{MARK}",
    f"${{{MARK}()}}",
    f"#{{7*191}}<%= {MARK} %>",
    f"=cmd|'/C calc'!A0{MARK}",
    f'=HYPERLINK("http://x.example/?{MARK}","x")',
    f"+1+{MARK}",
    f"-1+{MARK}",
    f"@SUM(1+{MARK})",
    f"\t=1+{MARK}",
    f"%0d%0aBcc: {MARK}@x.example",
    f"{MARK}\r\nBcc: {MARK}@x.example",
    f"{MARK}\nEND:VEVENT\nBEGIN:VALARM",
    f"{MARK}\\nATTACH:http://x.example",
    f"../../{MARK}/../etc/passwd",
    f"{MARK}\u202efdp.exe",
    f'{MARK}.pdf"; filename="{MARK}.exe',
    f"'; DROP TABLE audits_audit; --{MARK}",
)
APPS = ("audits", "challenges", "followup")
# What the portal itself writes there: keys, places in a tree, digests, and choices without a list of their own.
NOT_TYPED = {
    "audits.audit.number", "audits.audit.unit_path", "audits.audit.category", "audits.answer.field",
    "audits.auditversion.digest", "audits.remark.point", "audits.hold.key", "audits.contactattempt.capacity",
    "audits.response.capacity", "challenges.challenge.point", "audits.familyview.question_set",
    "audits.presence.capacity",
}
NAMES = ((Staff, "name"), (Staff, "job_title"), (Staff, "phone"), (Unit, "name"), (CaseFile, "reference"))
UNIQUE = {CaseFile}
CHOICES = {*(name for name, question in FIXED.items() if question.is_choice), "grade", "judgement"}
# In frozen versions: choices, days, and who somebody is to the case.
CHOSEN = {*CHOICES, "slug", "owner", "due_on", "number", "id", "ok", "until", "capacity", "mode", "purpose",
          "held_on", "who", "question_set", "method", "spoken_on", "consent_at", "passed_on", "words", "decided_on",
          "decided_with", "outcome", "parent", "said_on", "on", "made_on", "why", "away_from", "away_until",
          "recorded_on"}
VIEW_CHOICE = r"^view-\d+-(own-words|.*-answer)$"


def harmless(text: str) -> str:
    """Of the same length, with the same blanks: a page that shows it has the same elements."""
    return re.sub(r"\S", "x", text)


def packs(width: int = 100) -> list[str]:
    """All attacks, as many to a line as fit: what a short field carries, one pack in each turn."""
    found: list[str] = []
    for attack in ATTACKS:
        if found and len(f"{found[-1]} {attack}") <= width:
            found[-1] = f"{found[-1]} {attack}"
        else:
            found.append(attack)
    return found


def text_for(length: int | None, turn: int) -> str:
    """All attacks where there is room; else one pack in each turn."""
    if length is None or length > 4000:
        return "\n".join(ATTACKS)
    return packs()[turn % len(packs())][:length]


def typed_fields() -> Iterator[tuple[type[models.Model], models.Field]]:
    """Every field of the apps in which a person's words stand."""
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.get_fields():
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                if is_text and f"{model._meta.label_lower}.{field.name}" not in NOT_TYPED:
                    yield model, field


def plant(turn: int, change: Callable[[str], str] = str, *, keep: tuple = ()) -> None:
    """Put attacks, each changed, into every text field of every row; `keep` are case files whose reference stays."""
    with pgtrigger.ignore():
        for model, field in typed_fields():
            rows = model._default_manager.all()
            if model._meta.label_lower in ("audits.answer", "audits.answerrevision"):
                prefix = "" if model._meta.model_name == "answer" else "answer__"
                rows = rows.exclude(**{f"{prefix}field__in": CHOICES})
                rows = rows.exclude(**{f"{prefix}field__regex": VIEW_CHOICE})
            _fill(rows.exclude(**{field.name: ""}), field, turn, change)
        for model, name in NAMES:
            rows = model._default_manager.exclude(**{name: ""})
            rows = rows.exclude(pk__in=[row.pk for row in keep]) if model in UNIQUE else rows
            _fill(rows, model._meta.get_field(name), turn, change, is_unique=model in UNIQUE)
        _fill_documents(change)


def _fill(rows, field, turn: int, change: Callable[[str], str], *, is_unique: bool = False) -> None:
    text = change(text_for(getattr(field, "max_length", None), turn))
    if not is_unique:
        rows.update(**{field.name: text})
        return
    for row in rows:
        type(row)._default_manager.filter(pk=row.pk).update(**{field.name: f"{text[: field.max_length - 12]} {row.pk}"})


def _fill_documents(change: Callable[[str], str]) -> None:
    text = change("\n".join(ATTACKS))
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for field in (field for field in model._meta.fields if isinstance(field, models.JSONField)):
                for row in model._default_manager.all():
                    value = _planted(getattr(row, field.name), text)
                    type(row)._default_manager.filter(pk=row.pk).update(**{field.name: value})


def _planted(value, text: str, name: str = ""):
    if isinstance(value, dict):
        return {key: _planted(inner, text, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_planted(inner, text, name) for inner in value]
    return text if isinstance(value, str) and value and name not in CHOSEN else value
