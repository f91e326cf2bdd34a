"""Compares ledger, database and sink when all is quiet: what was lost, what was told twice, what came again."""

from collections import defaultdict
from dataclasses import dataclass, field

from bench.faults import product
from bench.faults.ledger import Ledger
from bench.faults.machines import Impatient, wait_until
from bench.faults.sink import Sink

BACKLOG_GONE = 300  # seconds
SENT = "packed"


@dataclass
class Verdict:
    """What a comparison found."""

    acknowledged: int = 0
    failed: int = 0
    messages: int = 0
    repeats: int = 0
    slowest: float = 0
    unmet: list[str] = field(default_factory=list)
    unsent: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)

    @property
    def lost(self) -> list[str]:
        """What the ledger or the database says should have come, and did not."""
        return [*self.unmet, *self.unsent]


def quiet(*, hurry: bool = False, patience: float = BACKLOG_GONE) -> float | None:
    """Wait until nothing waits to be sent; the seconds that it took, None where it still waits after `patience`.

    In a hurry the two minutes of a lease and the pauses after a refusal are over at once.
    """
    def gone() -> bool:
        if hurry:
            product.leases_end()
        return product.waiting() == 0

    try:
        return wait_until(gone, "the backlog", patience, rest=0.5)
    except Impatient:
        return None


def judge(ledger: Ledger, sink: Sink) -> Verdict:
    """The verdict."""
    rows, by_id = list(product.email_notices()), sink.by_id()
    mail = {told for message in by_id.values() for told in product.carried(message)}
    unmet, unsent = _demands_unmet(ledger, mail, rows), [*_rows_unsent(rows, by_id), *_given_up()]
    different = [f"two contents of {name}" for name in sink.differing()] + _told_twice(sink, rows)
    return Verdict(len(ledger.acknowledged()), len(ledger.failed()), len(sink.messages), sink.repeats(),
                   ledger.slowest(), unmet, unsent, different)


def _demands_unmet(ledger: Ledger, mail: set[product.Told], rows: list[product.Row]) -> list[str]:
    """What the ledger asks for and nobody got. Mail on what was settled meanwhile may be called off, by a row."""
    sent, inbox, duties = {(told.to, told.url) for told in mail}, product.in_inbox(), product.duties_opened()
    called_off = {(row.told.to, row.told.url) for row in rows if row.state == "cancelled"}
    called_off = {each for each in called_off if each[1] in ledger.undone()}
    lost = []
    for demand in ledger.must():
        to_whom = demand["to"], demand["url"]
        if "duty" in demand:
            found = (demand["duty"], *to_whom) in duties
        else:
            found = to_whom in (inbox if demand["channel"] == "inbox" else sent | called_off)
        if not found:
            lost.append(f"{demand.get('duty') or demand['channel']} to {demand['to']} about {demand['url']}")
    return lost


def _rows_unsent(rows: list[product.Row], by_id: dict) -> list[str]:
    """Notices of the database that no message in the sink carries to their recipient."""
    carried = {name: product.carried(message) for name, message in by_id.items()}
    return [f"a notice to {row.told.to} about {row.told.url}, {row.state}" for row in rows
            if row.state != "cancelled" and row.told not in carried.get(row.message_id, ())]


def _given_up() -> list[str]:
    return [f"{count} e-mails were given up"] if (count := product.dead()) else []


def _told_twice(sink: Sink, rows: list[product.Row]) -> list[str]:
    """The same told to the same person in more e-mails than the database has notices of it."""
    allowed, found = defaultdict(int), defaultdict(set)
    for row in rows:
        allowed[row.told] += 1
    for name, message in sink.by_id().items():
        for told in product.carried(message):
            found[told].add(name)
    return [f"{len(names)} e-mails to {told.to} about {told.url}" for told, names in found.items()
            if len(names) > max(allowed[told], 1)]
