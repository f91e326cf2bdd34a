"""Reading a programme from a file: what is refused, and in which words."""

import pytest

from programmes.policy import PolicyError
from programmes.preset import FOLDER, parse_preset, preset_paths, read_preset

TEXT = (FOLDER / "s1.yaml").read_text(encoding="utf-8")


def with_change(old: str, new: str) -> str:
    """The S1 preset with its first `old` replaced."""
    assert old in TEXT
    return TEXT.replace(old, new, 1)


@pytest.mark.parametrize("path", preset_paths(), ids=lambda path: path.stem)
def test_every_preset_is_valid_and_named_after_its_programme(path):
    assert read_preset(path).programme.slug == path.stem


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("  review_days:", "  reveiw_days:", "policy.timescales.reveiw_days is not known. Did you mean review_days?"),
        ("  purpose:", "  porpose:", "programme.purpose is missing. programme.porpose is not known. Did you mean purp"),
        ("      prompts:", "      promts:", "form.domains, entry 1, promts is not known. Did you mean prompts?"),
        ("slug: not_met", "slug: met", "form: the slug “met” stands there twice."),
        ("good_or_better: true", "good_or_better: yes", "form.grades, entry 1, good_or_better must be true or false"),
        ("kind: monthly", "kind: weekly", "programme.kind must be 'monthly', 'event' or 'campaign', not “weekly”."),
        ("graded: true", "graded: false", "The document: a graded programme needs grades, and one that is not"),
        ("  audit.respond:", "  respond:", "ladders.respond is not a name that fits here"),
        ("assistant_director: 4", "assistant_director: 5",
         "The document: the ladder concern.acknowledge does not tell assistant_director after the policy’s 5 hours."),
        ("  audit.respond:", "  audit.complete:", "be read: “audit.complete” stands there twice"),
        ("schema_version: 1", "schema_version: 9", "The policy is of schema version 9"),
        ("schema_version: 1", "schema: 1", "The policy needs a schema_version"),
    ],
)  # fmt: skip
def test_a_wrong_preset_is_refused_with_a_sentence(old, new, sentence):
    with pytest.raises(PolicyError) as refused:
        parse_preset(with_change(old, new))
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[1, 2]", "A programme needs the parts programme, form, policy and ladders."),
        ("a: [", "This is not YAML that can be read"),
        ("policy: 3", "policy must be a group of keys, not “3”."),
        ("a: !!python/object/apply:os.getcwd []", "This is not YAML that can be read"),
    ],
)
def test_what_is_no_programme_is_refused(text, sentence):
    with pytest.raises(PolicyError) as refused:
        parse_preset(text)
    assert sentence in str(refused.value)


def test_on_is_a_word_and_not_a_boolean():
    text = with_change('when: "on"', "when: on")
    assert parse_preset(text).ladders["audit.complete"][3].when == "on"


def test_the_file_is_named_in_a_refusal(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(with_change("  review_days:", "  reveiw_days:"), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"^mine.yaml: policy.timescales.reveiw_days"):
        read_preset(path)


def test_a_programme_without_grades_is_one_that_is_not_graded():
    head, rest = TEXT.split("  grades:\n")
    tail = rest[rest.index("\npolicy:"):]
    assert parse_preset((head + tail).replace("graded: true", "graded: false")).form.grades == ()
