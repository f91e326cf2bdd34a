"""Shared by the tests of people: signing in, days in three boxes."""

import pytest


@pytest.fixture
def sign_in(client):
    """The test client, signed in as somebody."""

    def signed_in(person):
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in


def boxes(**days):
    """Each day as day, month and year, as a browser sends them."""
    return {f"{name}_{place}": str(part) for name, day in days.items()
            for place, part in enumerate((day.day, day.month, day.year))}
