"""Compares ledger, database and sink when all is quiet: what was lost, what was told twice, what came again."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from bench.faults import product
from bench.faults.ledger import Ledger
from bench.faults.machines import Impatient, wait_until
from bench.faults.sink import Sink

BACKLOG_GONE = 300  # seconds
Mail = dict[str, list[tuple[str, product.Carried]]]  # what was sent, by the address it names: Message-ID and piece


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
    rows, mail = list(product.email_notices()), _by_url(sink)
    unmet, unsent = _demands_unmet(ledger, mail, rows), [*_rows_unsent(rows, mail), *_given_up()]
    different = [*(f"two contents of {name}" for name in sink.differing()), *_told_twice(rows, mail),
                 *(f"an e-mail that nobody wrote down: {name}" for name in sink.by_id().keys() - product.message_ids())]
    return Verdict(len(ledger.acknowledged()), len(ledger.failed()), len(sink.messages), sink.repeats(),
                   ledger.slowest(), unmet, unsent, different)


def _by_url(sink: Sink) -> Mail:
    mail = defaultdict(list)
    for name, message in sink.by_id().items():
        for piece in product.carried(message):
            mail[piece.url].append((name, piece))
    return mail


def _demands_unmet(ledger: Ledger, mail: Mail, rows: list[product.Row]) -> list[str]:
    """What the ledger asks for and nobody got. Mail on what was settled meanwhile may be called off, by a row."""
    sent = {(piece.to, url) for url, pieces in mail.items() for _, piece in pieces}
    inbox, duties = product.in_inbox(), product.duties_opened()
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


def _rows_unsent(rows: list[product.Row], mail: Mail) -> list[str]:
    """Notices of the database that no message in the sink carries to their recipient."""
    return [f"a notice to {row.told.to} about {row.told.url}, {row.state}" for row in rows
            if row.state != "cancelled" and row.message_id not in _messages(row.told, mail)]


def _given_up() -> list[str]:
    return [f"{count} e-mails were given up"] if (count := product.dead()) else []


def _told_twice(rows: list[product.Row], mail: Mail) -> list[str]:
    """The same told to the same person in more e-mails than the database has notices of it."""
    return [f"{found} e-mails to {told.to} about {told.url}" for told, written in Counter(r.told for r in rows).items()
            if (found := len(_messages(told, mail))) > written]


def _messages(told: product.Told, mail: Mail) -> set[str]:
    """The Message-IDs under which it was told."""
    return {name for name, piece in mail[told.url] if piece.tells(told)}
