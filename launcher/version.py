"""Which Python may run the portal. Written so that an old Python can still read it and say so."""

OLDEST = (3, 11)


def too_old(version):
    """The sentence that refuses `version`, or nothing where it is 3.11 or later."""
    if tuple(version[:2]) >= OLDEST:
        return ""
    found = ".".join(str(part) for part in version[:3])
    sentence = "portal: Audit Portal needs Python 3.11 or later and this is Python {}: "
    return sentence.format(found) + "run it with a newer one, for example python3.12 portal up."
