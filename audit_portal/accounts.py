"""How allauth treats this portal's accounts: local ones, made by the council, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter

from calendars.rules import today_in_london


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

    def pre_login(self, request, user, **kwargs):
        """Whose last day is over is turned away like somebody who left, even before the account is ended (S3-05)."""
        if user.is_over(today_in_london()):
            return self.respond_user_inactive(request, user)
        return super().pre_login(request, user, **kwargs)
