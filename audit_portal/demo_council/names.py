"""Who there is in Northbrook: units and people. Every name is invented; telephone numbers are for fiction only."""

from dataclasses import dataclass

from people.roles import Role

CARE, IMPROVEMENT, QUALITY, REVIEWING = "care", "improvement", "quality", "reviewing"

# reference, name, kind, parent, manager. The four services, their groups and their twelve teams.
SERVICES = (
    ("assessment", "Assessment and Help", "Joanna Fairweather"),
    ("in-need", "Children in Need", "Ruth Okafor"),
    ("in-care", "Children in Care and Leaving Care", "Marcus Tilley"),
    ("fostering", "Fostering and Permanence", "Bronwen Ellis"),
)
GROUPS = (
    ("assessment-group", "Assessment", "assessment", "Yusuf Karim"),
    ("early-help-group", "Early Help", "assessment", "Sandra Whitmore"),
    ("in-need-east", "Children in Need East", "in-need", "Colin Beckett"),
    ("in-need-west", "Children in Need West", "in-need", "Adaeze Nwosu"),
    ("in-care-group", "Children in Care", "in-care", "Helen Brackley"),
    ("leaving-care-group", "Leaving Care", "in-care", "Dominic Rowe"),
    ("fostering-group", "Fostering", "fostering", "Priya Raman"),
)
TEAMS = (
    ("assessment-north", "Assessment North", "assessment-group", "Kirsty Munro"),
    ("assessment-south", "Assessment South", "assessment-group", "Delroy Campbell"),
    ("early-help-team", "Early Help Team", "early-help-group", "Nasreen Akhtar"),
    ("in-need-east-1", "Children in Need East 1", "in-need-east", "Peter Lomax"),
    ("in-need-east-2", "Children in Need East 2", "in-need-east", "Farah Siddiqui"),
    ("in-need-west-1", "Children in Need West 1", "in-need-west", "Lorraine Tanner"),
    ("in-need-west-2", "Children in Need West 2", "in-need-west", "Jakub Sikora"),
    ("in-care-1", "Children in Care 1", "in-care-group", "Michelle Osei"),
    ("in-care-2", "Children in Care 2", "in-care-group", "Gareth Penrose"),
    ("leaving-care", "Leaving Care Team", "leaving-care-group", "Shabnam Hussain"),
    ("fostering-support", "Fostering Support", "fostering-group", "Grace Adeyemi"),
    ("permanence", "Permanence", "fostering-group", "Alan Whitaker"),
)
WORKERS = {
    "assessment-north": ("Ellie Marsden", "Hamza Iqbal", "Rhian Powell"),
    "assessment-south": ("Callum Drew", "Ifeoma Obi", "Sarah Linton"),
    "early-help-team": ("Bea Cartwright", "Mohsin Rafiq", "Jess Holloway"),
    "in-need-east-1": ("Anil Chandra", "Chloe Ramsden", "Victor Mensah"),
    "in-need-east-2": ("Tomasz Nowak", "Leanne Purdy", "Abdi Warsame"),
    "in-need-west-1": ("Hannah Bexley", "Oluwaseun Bello", "Megan Tranter"),
    "in-need-west-2": ("Ravi Desai", "Kate Ormsby", "Paulina Zielinska"),
    "in-care-1": ("Natalie Firth", "Emeka Udo", "Sian Maddox"),
    "in-care-2": ("Lewis Hargrave", "Tara Devlin", "Farida Rahimi"),
    "leaving-care": ("Kieran Moss", "Zainab Sheikh", "Laura Pickard"),
    "fostering-support": ("Amy Lowther", "Stephen Quarry", "Gwen Ashdown"),
    "permanence": ("Imogen Slater", "Kwame Darko", "Beth Colley"),
}
ADVANCED = {
    "assessment-north": "Moira Kendrick",
    "in-need-east-1": "Faith Amadi",
    "in-need-east-2": "Gordon Pike",
    "in-need-west-1": "Salma Begum",
    "in-need-west-2": "Tim Rushworth",
    "in-care-1": "Charlotte Vane",
    "in-care-2": "Isaac Boateng",
    "leaving-care": "Debbie Thornley",
    "permanence": "Nadia Petrov",
}
IROS = ("Maureen Doyle", "Winston Grange", "Patricia Holm", "Asif Mirza", "Catrin Rees")
CP_ADVISERS = ("Judith Lacey", "Samuel Oyelaran", "Wendy Farrow")
OFFICERS = ("Chidi Eze", "Rosalind Peake", "Imran Butt", "Tessa Gilroy")


@dataclass(frozen=True)
class Single:
    """Somebody whose post there is only once."""

    name: str
    job: str
    unit: str
    roles: tuple[str, ...] = ()


SINGLES = (
    Single("Margaret Eastwood", "Director of children’s services", CARE, (Role.DIRECTOR,)),
    Single("Simon Hartley", "Assistant director, social care", CARE),
    Single("Stella Hargreaves", "Strategic lead, improvement", IMPROVEMENT),
    Single("Naomi Clarke", "Performance and Quality lead", QUALITY, (Role.QA_LEAD,)),
    Single("Frances Abbot", "Principal social worker", IMPROVEMENT, (Role.MODERATOR,)),
    Single("Leo Fairbank", "Deputy chief executive", CARE, (Role.SLT_VIEWER,)),
    Single("Corinne Ashby", "Director of public health", CARE, (Role.SLT_VIEWER,)),
    Single("Bernadette Shaw", "Safeguarding partnership business manager", "", (Role.BOARD_VIEWER,)),
    Single("Ada Whitlock", "Systems administrator", "", (Role.SYSTEM_ADMIN,)),
    Single("Miriam Castle", "Independent auditor", ""),
)
# Staff numbers of the people on the sign-in page (audit_portal.demo.PEOPLE).
ON_THE_PAGE = {
    "Grace Adeyemi": "demo-auditor",
    "Tomasz Nowak": "demo-worker",
    "Farah Siddiqui": "demo-team-manager",
    "Colin Beckett": "demo-group-manager",
    "Naomi Clarke": "demo-pq-lead",
    "Chidi Eze": "demo-pq-officer",
    "Simon Hartley": "demo-assistant-director",
    "Ruth Okafor": "demo-head-of-service",
    "Margaret Eastwood": "demo-director",
    "Bernadette Shaw": "demo-board",
    "Ada Whitlock": "demo-administrator",
}
# In the auditor register beside every group manager, team manager, advanced practitioner, IRO and adviser.
OTHER_AUDITORS = frozenset({"Rosalind Peake", "Imran Butt", "Frances Abbot", "Miriam Castle"})
