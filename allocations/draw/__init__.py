"""The draw of cases for audit: a pure function of a seed, a frozen frame, quotas and auditors.

This is the statement that fixes the result (docs/draw.md says it in plain words, with an example).

Ticket(label, reference) is the hexadecimal SHA-256 of the UTF-8 text of `audit-portal/draw/1`, the
seed, the label and the reference, joined by single newlines. "In order of ticket" is ascending; equal
tickets go by reference, by code point.

A *list* takes cases of the frame, no more of a stratum than its quota, and gives each to one auditor
who may have it, no auditor getting more than their capacity. It is *full* when every quota is met
exactly. When no list is full the draw stops and names the reason; once that is confirmed
(`allow_short`), "full" below means "as long as the longest list".

Select, first pass: for each case in order of ticket("case", reference), until the list is complete:
  1. its stratum's quota is already met by accepted cases: it is left over;
  2. else a sibling of it is accepted: it waits;
  3. else some full list holds every accepted case and this one: it is accepted;
  4. else it is passed over.
Second pass, if the list is short: the waiting cases in the same order by rules 1, 3 and 4; the
accepted ones are flagged. Two cases are siblings where either names the other.

Reading chosen: in both passes rule 3 looks at the whole frame, waiting siblings included. A case is so
passed over only where taking it makes a full list impossible (never to spare a later sibling); a full
list is found whenever there is one; and a waiting sibling is taken only when every other case of an
open stratum has been judged. A passed-over case is in no full list that holds the accepted cases,
then or later, so the order of judging alone fixes the result.

Assign: each auditor has slots 1 to capacity, in order of number, then ticket("slot", auditor + "#" +
number), then auditor. Each slot takes the accepted case not yet given with the lowest
ticket("place", reference) which its auditor may have and after which all remaining accepted cases can
still be given to the remaining slots; or none, where no such case is left.

Reserves: every case of the frame that was not accepted (left over, passed over or waiting), per
stratum in order of ticket("case", reference).
"""

from allocations.draw.certificates import (
    EarlierDraw,
    Exclusion,
    Override,
    certificate,
    fingerprint,
    frame_sha256,
    substitution_row,
)
from allocations.draw.drawing import DrawResult, draw
from allocations.draw.inputs import FORMAT, Auditor, Case, DrawError, DrawInput
from allocations.draw.reading import parse, read, recorded, recorded_substitutions
from allocations.draw.reasons import PassedOver
from allocations.draw.replaying import compare, replay
from allocations.draw.reserves import Substitution, on_list, substitute
from allocations.draw.tickets import quotas, ticket

__all__ = [
    "FORMAT",
    "Auditor",
    "Case",
    "DrawError",
    "DrawInput",
    "DrawResult",
    "EarlierDraw",
    "Exclusion",
    "Override",
    "PassedOver",
    "Substitution",
    "certificate",
    "compare",
    "draw",
    "fingerprint",
    "frame_sha256",
    "on_list",
    "parse",
    "quotas",
    "read",
    "recorded",
    "recorded_substitutions",
    "replay",
    "substitute",
    "substitution_row",
    "ticket",
]
