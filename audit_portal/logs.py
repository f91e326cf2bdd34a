"""What the log must not hold: secrets that stand in addresses, such as that of a calendar or of a new password."""

import logging
import re

SECRET = re.compile(r"(/calendar/|/account/password/new/)[^\s/?]+")


class WithoutSecrets(logging.Filter):
    """Leaves the kind of address in a line and takes the secret out; a refused or failed request names its address."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Every line stays."""
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = SECRET.sub(r"\1…", said), ()
        return True
