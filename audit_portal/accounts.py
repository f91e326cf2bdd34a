"""How allauth treats this portal's accounts: local ones, made by the council, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter


class LocalAccounts(DefaultAccountAdapter):
    """Nobody signs up: people are imported or added by the P&Q lead or an administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "The e-mail address or the password is not right. Try again, or choose “Forgotten your password?”."
        ),
        "too_many_login_attempts": "Too many attempts. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request) -> bool:
        """Always closed."""
        return False
