"""`python -m allocations.draw MOST_CASES SECONDS BYTES`: replay the certificate on standard input, in a process of
its own that is given no more time and memory than that, and nothing else of the portal.

Writes one JSON object: `cases` on the list and the `differences`, or `problem` with a sentence.
"""

import json
import resource
import sys
from typing import Any

from allocations.draw import DrawError, compare, parse, read
from allocations.draw.inputs import check

MOST_TOLD = 50


def answer(content: bytes, most_cases: int) -> dict[str, Any]:
    """What came of it, in words."""
    try:
        certificate = parse(content)
        inputs = read(certificate)
        check(inputs)
    except DrawError as error:
        return {"problem": f"This file cannot be read as a certificate. {error}"}
    if len(inputs.cases) > most_cases:
        return {"too_long": True}
    differences = compare(certificate)
    if differences:
        return {"differences": differences[:MOST_TOLD], "more": max(len(differences) - MOST_TOLD, 0)}
    return {"cases": len(certificate["result"]), "differences": [], "seed": certificate["seed"],
            "frame": len(inputs.cases)}


def main() -> None:
    """Within the limits; whoever breaks them is ended by the system."""
    most_cases, seconds, memory = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.stdout.write(json.dumps(answer(sys.stdin.buffer.read(), most_cases)))


if __name__ == "__main__":
    main()
