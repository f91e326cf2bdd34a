"""The boxes of a page: each question with what stands in it, and with texts that wait beside it for a choice."""

from dataclasses import dataclass, field

from audits.models import Answer, Audit, KeptText
from audits.questions import Page, Question
from programmes.models import Domain


@dataclass
class Field:
    """A question with what stands in it, and the open kept texts beside it."""

    question: Question
    value: str = ""
    answer: Answer | None = None
    kept: list[KeptText] = field(default_factory=list)
    revealed: dict[str, "Field"] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """The version with which the page is shown; 0 for none."""
        return self.answer.version if self.answer else 0

    @property
    def values(self) -> list[str]:
        """What is ticked, of several choices."""
        return self.value.split("\n")

    @property
    def words(self) -> str:
        """What stands here as one reads it: the text, or the words of the choice."""
        return self.question.words_of(self.value)

    @property
    def conflicts(self) -> list[tuple[KeptText, str]]:
        """Each open kept text with its words."""
        return [(kept, self.question.words_of(kept.value)) for kept in self.kept]

    @property
    def has_history(self) -> bool:
        """More than one text is known of it."""
        return self.version > 1 or bool(self.kept)


def fields_of(page: Page, audit: Audit, domain: Domain | None) -> dict[str, Field]:
    """Every field of a page with its answer and the texts kept beside it. Two queries."""
    fields = {question.name: Field(question) for question in page.all_fields()}
    read(fields, audit, domain)
    return fields


def read(fields: dict[str, Field], audit: Audit, domain: Domain | None) -> None:
    """What stands now, into the boxes."""
    place = {"domain": domain, "field__in": list(fields)}
    for answer in audit.answers.filter(**place).select_related("saved_by"):
        box = fields[answer.field]
        box.answer, box.value, box.kept = answer, answer.value, []
    kept = KeptText.objects.open().filter(answer__audit=audit, answer__domain=domain, answer__field__in=list(fields))
    for text in kept.select_related("answer", "saved_by"):
        fields[text.answer.field].kept.append(text)


def top_fields(page: Page, fields: dict[str, Field]) -> list[Field]:
    """The questions in order, those behind a choice hung under it."""
    shown = []
    for question in page.questions:
        top = fields[question.name]
        top.revealed = {o.value: fields[o.reveals.name] for o in question.options if o.reveals}
        shown.append(top)
    return shown


def changed_elsewhere(fields: dict[str, Field]) -> bool:
    """Whether two texts of one answer have to be shown."""
    return any(box.kept for box in fields.values())
