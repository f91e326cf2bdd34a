"""Help for whoever writes an action: what makes it specific, measurable, and possible to confirm (S1-44)."""

import re
from datetime import date

from calendars.rules import NO_DAYS, Days, is_working_day
from calendars.words import long_date

# Words after which nobody can say whether it was done, and what to write instead.
VAGUE = {
    "consider": "“Consider” cannot be seen to be done: who decides what, and by when?",
    "ensure": "“Ensure” names no step: what does somebody do?",
    "continue": "“Continue” changes nothing: what is different from now on?",
    "improve": "“Improve” has no end: what can be seen when it is better?",
    "liaise": "“Liaise” has no end: what is asked of whom, and what comes of it?",
    "explore": "“Explore” has no end: what is asked, and who answers?",
    "try": "“Try” cannot fail: what is done?",
    "ongoing": "“Ongoing” never ends: by when is it done?",
    "asap": "“ASAP” is no date.",
    "where possible": "“Where possible” leaves it open: is it possible?",
    "as appropriate": "“As appropriate” leaves it open: what is right here?",
    "regularly": "“Regularly” has no number: how often?",
}
SHORT = 15


def advice(*, what: str, measure: str, change_for_child: str, due_on: date | None, extra: Days = NO_DAYS) -> list[str]:
    """Questions about an action that is written; none of them stops anything."""
    found = [said for word, said in VAGUE.items() if re.search(rf"\b{re.escape(word)}\b", what, re.IGNORECASE)]
    if measure.strip() and measure.strip().casefold() == what.strip().casefold():
        found.append("The measure repeats the action: what can somebody look at to see that it is done?")
    if change_for_child.strip() and len(change_for_child.strip()) < SHORT:
        found.append("Say a little more about what changes for the child.")
    if due_on and not is_working_day(due_on, extra):
        found.append(f"{long_date(due_on)} is no working day: can it be kept?")
    return found
