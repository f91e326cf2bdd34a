"""What cannot be done to people as they stand, in a sentence, with the field that it is about."""


class Refused(Exception):
    """A change that does not fit what is there. `field` names what was given, where one thing is at fault."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field
