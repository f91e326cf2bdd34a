"""The roles a person may be given, in the field's own words. Managers of units have theirs from the unit."""

from django.db import models


class Role(models.TextChoices):
    """What somebody may do, apart from their job title (DOMAIN 8.2)."""

    WORKER = "worker", "Social worker or personal adviser"
    IRO = "iro", "Independent reviewing officer"
    CP_ADVISER = "cp_adviser", "Child protection adviser"
    TEAM_MANAGER = "team_manager", "Team manager"
    GROUP_MANAGER = "group_manager", "Group manager"
    HEAD_OF_SERVICE = "head_of_service", "Head of service"
    ASSISTANT_DIRECTOR = "assistant_director", "Assistant director"
    STRATEGIC_LEAD = "strategic_lead", "Strategic lead"
    DIRECTOR = "director", "Director of children’s services"
    QA_OFFICER = "qa_officer", "Performance and Quality officer"
    QA_LEAD = "qa_lead", "Performance and Quality lead"
    MODERATOR = "moderator", "Moderator"
    SLT_VIEWER = "slt_viewer", "Senior leader"
    BOARD_VIEWER = "board_viewer", "Safeguarding partnership board"
    SYSTEM_ADMIN = "system_admin", "System administrator"


PQ_ROLES = frozenset({Role.QA_OFFICER, Role.QA_LEAD})
LEADERS = frozenset({Role.ASSISTANT_DIRECTOR, Role.STRATEGIC_LEAD, Role.DIRECTOR, Role.SLT_VIEWER})
SENIOR_MANAGERS = frozenset({Role.GROUP_MANAGER, Role.HEAD_OF_SERVICE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR})
