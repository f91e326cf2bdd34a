"""The form on which a list is chosen."""

from crispy_forms_gds.helper import FormHelper
from crispy_forms_gds.layout import Button, Field, Layout, Size
from django import forms

from casefiles.models import Import
from casefiles.reading.tables import MOST_FILE_BYTES

LARGEST = MOST_FILE_BYTES // 1024 // 1024


class ImportForm(forms.Form):
    """Which kind of list, and the file. What is in it is judged by reading it."""

    kind = forms.ChoiceField(
        label="What is in the list?", widget=forms.RadioSelect,
        error_messages={"required": "Choose what is in the list", "invalid_choice": "Choose what is in the list"},
    )
    file = forms.FileField(
        label="The list",
        help_text=f"An Excel workbook (.xlsx) or CSV, at most {LARGEST} MB. The file itself is not kept.",
        error_messages={"required": "Choose the file that your system exported",
                        "empty": "This file is empty. Choose the list that your case system exported."},
    )

    def __init__(self, *args, kinds: list[str], **kwargs):
        """Offers the kinds that this person may import."""
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in Import.Kind if kind in kinds]
        self.initial.setdefault("kind", kinds[0])
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Field.radios("kind", legend_size=Size.SMALL), "file",
            Button.primary("", "Read the list and show what would change"),
        )

    def clean_file(self):
        """Size only; the rest is found by reading."""
        file = self.cleaned_data["file"]
        if file.size > MOST_FILE_BYTES:
            raise forms.ValidationError(f"This file is larger than {LARGEST} MB. Leave out what is not needed.")
        return file
