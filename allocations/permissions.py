"""What somebody may do with rounds: only P&Q plan, draw and publish (S1-01)."""

from people.permissions import check_is_pq

check_can_run_rounds = check_is_pq
