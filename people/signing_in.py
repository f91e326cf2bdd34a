"""What the sign-in keeps of people beside their account."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress


def forget_addresses(staff_ids: Iterable[int]) -> None:
    """Somebody has another e-mail address: the one they had no longer signs them in, nor asks for a password.

    allauth keeps a copy of an address from the first forgotten password on, and looks there too.
    """
    EmailAddress.objects.filter(user__in=list(staff_ids)).delete()
