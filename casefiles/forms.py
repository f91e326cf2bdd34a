"""Forms of imports: choosing a list, naming its columns, saying what its words mean."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Fieldset, Fluid, Layout, Size
from django import forms
from django.conf import settings

from casefiles.columns import Meaning
from casefiles.models import CaseFile, Import, KnownWord
from casefiles.names import Directory
from casefiles.reading.case_list import ADDED, HOLDS, LABELS, NEEDED, Columns
from casefiles.reading.tables import MOST_FILE_BYTES
from casefiles.typed import NameField
from people.models import Staff, Unit

LARGEST = MOST_FILE_BYTES // 1024 // 1024


class ImportForm(forms.Form):
    """Which kind of list, and the file. What is in it is judged by reading it."""

    kind = forms.ChoiceField(
        label="What is in the list?", widget=forms.RadioSelect,
        error_messages={"required": "Choose what is in the list", "invalid_choice": "Choose what is in the list"},
    )
    file = forms.FileField(
        label="The list",
        help_text=f"An Excel workbook (.xlsx) or CSV, at most {LARGEST} MB. The file itself is not kept: "
                  f"once it is read it is deleted.",
        error_messages={"required": "Choose the file that your system exported",
                        "empty": "This file is empty. Choose the list that your case system exported."},
    )

    asks = forms.BooleanField(required=False, label="Let me say which column is which, because a list of case files "
                                                    "was read wrongly")

    def __init__(self, *args, kinds: list[str], **kwargs):
        """Offers the kinds that this person may import."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in Import.Kind if kind in kinds]
        self.initial.setdefault("kind", kinds[0])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field.radios("kind", legend_size=Size.SMALL), "file", *self._asks(kinds),
            Button.primary("", "Read the list and show what would change"),
        )

    def _asks(self, kinds: list[str]) -> list:
        if Import.Kind.CASE_FILES in kinds:
            return [Field("asks")]
        del self.fields["asks"]
        return []

    def clean_file(self):
        """Size only; the rest is found by reading."""
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE_BYTES:
            raise forms.ValidationError(f"This file is larger than {LARGEST} MB. Leave out what is not needed.")
        return file


class ColumnsForm(forms.Form):
    """Which column of a list is which; asked once for all lists with the same headings."""

    list_name = forms.CharField(
        label="What do you call this list?", max_length=80, help_text="For example, Mosaic, all open cases",
        error_messages={"required": "Give this list a name, so that you know it again"},
    )
    category_of_all = forms.ChoiceField(
        label="Category of all cases in this list", required=False,
        help_text="Only where the list has no column for the category",
        choices=[("", "The list has a column for it"), *CaseFile.Category.choices],
    )
    holds = forms.ChoiceField(
        label="What does this list hold?", widget=forms.RadioSelect, choices=list(HOLDS.items()), initial="all",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Choose what this list holds: cases close by it"),
    )

    def __init__(self, *args, headings: list[dict[str, str]], **kwargs):
        """A select for each fact, with the columns of the file and what their cells look like."""
        super().__init__(*args, **kwargs)
        columns = [("", "Not in this list")]
        columns += [(heading["name"], f"{heading['name']} ({heading['shape']})") for heading in headings]
        guesses = {heading["guess"]: heading["name"] for heading in headings if heading["guess"]}
        self.facts = [fact for fact in LABELS if fact != "initials" or settings.KEEP_INITIALS]
        for fact in self.facts:
            self.fields[f"column_{fact}"] = forms.ChoiceField(
                label=LABELS[fact], required=False, choices=columns, initial=guesses.get(fact, ""),
                help_text=COLUMN_HINTS.get(fact, ""))
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field.text("list_name", field_width=Fluid.ONE_HALF, label_size=Size.SMALL),
            Fieldset(*[f"column_{fact}" for fact in NEEDED], "category_of_all", legend="What the draw needs",
                     legend_size=Size.MEDIUM),
            Fieldset(*[f"column_{fact}" for fact in self.facts if fact not in NEEDED],
                     legend="What helps, where the list has it", legend_size=Size.MEDIUM, css_class="portal-pairs"),
            Field.radios("holds", legend_size=Size.SMALL),
            Button.primary("", "Read the list with these columns"),
        )

    def clean(self):
        """The reference is needed, and a category; no column stands for two facts."""
        data = super().clean()
        chosen = {fact: data.get(f"column_{fact}", "") for fact in self.facts}
        if not chosen["reference"]:
            self.add_error("column_reference", "Choose the column with the case reference")
        adds = data.get("holds") == "adds"
        if not adds and not chosen["category"] and not data.get("category_of_all"):
            self.add_error("column_category", "Choose the column with the category, or say below which one all have")
        if adds and not any(chosen[fact] for fact in ADDED):
            self.add_error("holds", "Choose at least one column with people or brothers and sisters")
        self._check_each_once(chosen)
        return data

    def _check_each_once(self, chosen: dict[str, str]) -> None:
        taken: dict[str, str] = {}
        for fact, name in chosen.items():
            if name and name in taken:
                self.add_error(f"column_{fact}", f"“{name}” is chosen for {LABELS[taken[name]].lower()} already")
            taken.setdefault(name, fact)

    def columns(self) -> Columns:
        """For remembering."""
        data = self.cleaned_data
        names = {fact: data[f"column_{fact}"] for fact in self.facts if data[f"column_{fact}"]}
        category = "" if "category" in names else data["category_of_all"]
        return Columns(names, category=category, holds=data["holds"], source=data["list_name"])


COLUMN_HINTS = {
    "reference": "The number by which your case system knows the child or carer. Never a name",
    "worker": "The allocated social worker; for foster carers the supervising social worker",
    "ended": "A row with a date here is not an open case and is left out",
    "born": "Only the age group is kept, never the date",
}
NOTHING = {
    KnownWord.Kind.TEAM: "It is no team of ours: leave the team empty from now on",
    KnownWord.Kind.PERSON: "It is nobody we need to know: leave it empty from now on",
    KnownWord.Kind.CATEGORY: "We do not audit these cases: leave them out from now on",
    KnownWord.Kind.TEAM_OF: "No team: leave it empty from now on",
}
QUESTIONS = {
    KnownWord.Kind.TEAM: ("Team", "Which team is this?"), KnownWord.Kind.PERSON: ("Person", "Who is this?"),
    KnownWord.Kind.CATEGORY: ("Category", "Which category is this?"),
    KnownWord.Kind.TEAM_OF: ("Cases without a team", "Which team answers for them?"),
}


class WordsForm(forms.Form):
    """What words of a list mean. What is left empty is asked again the next time."""

    def __init__(self, *args, words: list[dict], directory: Directory, by: Staff, **kwargs):
        super().__init__(*args, **kwargs)
        self.words, self.directory = words, directory
        self.teams = Unit.objects.visible_to(by).filter(pk__in=directory.team_names).select_related("parent")
        self.staff = Staff.objects.visible_to(by).working().select_related("unit")
        self.offered_teams, self.offered_staff = list(self.teams), list(self.staff)
        for index, word in enumerate(words):
            self.fields[f"means_{index}"] = self._field(word)
            self.fields[f"nothing_{index}"] = forms.BooleanField(required=False, label=NOTHING[word["kind"]])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(*[self._asked(index, word) for index, word in enumerate(words)],
                                    Button.primary("", "Remember this and work the list out again"))

    def _field(self, word: dict) -> forms.Field:
        label = QUESTIONS[word["kind"]][1]
        if word["kind"] == KnownWord.Kind.CATEGORY:
            choices = [("", "Not said"), *CaseFile.Category.choices]
            return forms.ChoiceField(label=label, required=False, choices=choices)
        is_person = word["kind"] == KnownWord.Kind.PERSON
        near = self.directory.shown(self.directory.like(word["word"])) if is_person else []
        field = NameField(self.offered_staff if is_person else self.offered_teams, label=label, required=False,
                          noun="colleagues" if is_person else "teams",
                          help_text=f"Perhaps {' or '.join(near)}" if near else "Begin to type and choose")
        field.widget.attrs["list"] = "offered-staff" if is_person else "offered-teams"
        return field

    def _asked(self, index: int, word: dict) -> Fieldset:
        heading, _ = QUESTIONS[word["kind"]]
        said = CaseFile.Category(word["word"]).label if word["kind"] == KnownWord.Kind.TEAM_OF else f"“{word['word']}”"
        cases = f"{word['cases']:,} case{'' if word['cases'] == 1 else 's'}"
        return Fieldset(f"means_{index}", f"nothing_{index}", legend=f"{heading}: {said}, {cases}",
                        legend_size=Size.SMALL)

    def clean(self):
        """A meaning or nothing, not both; and at least one of all."""
        data = super().clean()
        for index in range(len(self.words)):
            if data.get(f"means_{index}") and data.get(f"nothing_{index}"):
                self.add_error(f"means_{index}", "You said what it means and ticked the box as well. Do one of the two")
        if not self.errors and not any(data.values()):
            raise forms.ValidationError("Say what at least one of these means, or leave this page.")
        return data

    def meanings(self) -> list[Meaning]:
        """What was said, for remembering."""
        found = []
        for index, word in enumerate(self.words):
            means = self.cleaned_data.get(f"means_{index}")
            if means or self.cleaned_data[f"nothing_{index}"]:
                found.append(self._meaning(word, means))
        return found

    def _meaning(self, word: dict, means) -> Meaning:
        kind, said = word["kind"], word["word"]
        if kind == KnownWord.Kind.CATEGORY:
            return Meaning(kind, said, category=means or "")
        if kind == KnownWord.Kind.PERSON:
            return Meaning(kind, said, staff=means or None)
        return Meaning(kind, said, unit=means or None)
