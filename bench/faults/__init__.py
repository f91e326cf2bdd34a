"""The fault harness (TRUST.md A5): kills, wipes, freezes and jumps of the clock under a load with a ledger.

    ./portal bench faults                                  every part, about fifty minutes
    ./portal bench faults --short                          every part with few faults
    ./portal bench faults --only redis --seed 7            one part, with the seed that an earlier run printed
    ./portal bench faults --resume FOLDER/state.json       go on with a run that was broken off

It starts servers, web, two workers, beat and a mail sink of its own. Real people's requests are a seeded workload:
each is written into a ledger, on the disk, with what must follow. Faults are done to process ids. Then it waits for
quiet and compares ledger, database and sink (judge.py): lost, told twice in different e-mails, repeated with the same
Message-ID. A supervisor starts again what died, as a service manager does with Restart=always. The control runs the
same on web and workers without the row-first write, and must find losses. Exit code 1 where a pass line is missed.

What a run leaves is in its folder: state.json, and for each part ledger.jsonl, mail.jsonl and the logs. It is removed
after a run without a miss. What the harness knows of duties and their mail is in product.py alone.
"""


def run(words: list[str]) -> list[dict]:
    """The benchmark: called by bench/__main__.py with the words after its name."""
    from bench.faults.command import main

    return main(words)
