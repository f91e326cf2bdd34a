"""How allauth treats this portal's accounts: local ones, made by the council, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter


class LocalAccounts(DefaultAccountAdapter):
    """Nobody signs up: people are imported or added by the P&Q lead or an administrator."""

    def is_open_for_signup(self, request) -> bool:
        """Always closed."""
        return False
