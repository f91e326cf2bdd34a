"""What the people of the demo council write: views, grades, learning, actions, answers. Never a name."""

WORKER_SAID = (
    "The worker knows this child very well and told me of visits that the record only mentions.",
    "The worker would have liked more time for direct work and has a plan for it.",
    "We agreed on most of it. The worker explained the gap in the summer and what was done by telephone.",
    "The worker is proud of the family’s progress, and worried about what happens when support ends.",
    "The worker sees the late recording and has blocked out a morning each week for it.",
)
MANAGER_SAID = (
    "The manager agrees with the picture and had asked for the plan to be reviewed already.",
    "The manager told me why the case was moved between workers, which the record does not show.",
    "The manager would have moved the review forward and says why that was not possible.",
)
IRO_SAID = (
    "The reviewing officer sees the child between reviews and shares the worker’s view.",
    "The adviser would like reports three days before each conference and mostly has them.",
    "The reviewing officer has raised the delay in life story work twice.",
)
# Who, what is better now, and what could have been done differently.
FAMILY_SAID = (
    ("mother", "“She listens, and she does what she says.”", "“Nothing. Well, ring before you come.”"),
    ("child", "“The plan is mine now. At the start it was not.”", "“Ask me first, and not in school.”"),
    ("other_parent", "“We feel part of the team.”", "“We would like to know earlier when a meeting moves.”"),
    ("other_adult", "“I was glad to be asked. I know whom to ring at night.”", "“Ring me earlier.”"),
    ("father", "“I have felt heard since the summer.”", "“I was not told about the meeting in June.”"),
)
UNDERSTANDING = (
    "Old enough to say what they want and to say no; the week is a calm one for the family.",
    "Too young for a call without a parent beside them, so we begin with the parents.",
    "Understands more than they can say, so the easy read questions fit best.",
)
DESKTOP = "A room could not be found in time, so we talked by video and I read the file before."
MANAGER_NOT_NEEDED = "The manager’s reasoning is on the record at each decision."
FAMILY_NOT_SOUGHT = (
    "The worker and I agreed that a call in the week of the hearing would not be right.",
    "The family was asked twice and preferred not to take part.",
)
EARLIER_RECORDS = (
    "The assessment of two years ago and the closing summary, to understand the history of moves.",
    "The earlier child protection plan, because this one refers to it.",
)
GOOD_ALL_THE_SAME = (
    "What is missing is known, the manager has put it right since, and it made no difference to the child.",
    "One duty was late and is not late any more. Everything that touches the child from day to day is good.",
)
INADEQUATE_ALL_THE_SAME = "The steps were taken, but the child is not safe, and that weighs more than all of them."
GRADE_EVIDENCE = {
    "outstanding": (
        "Everything one would wish for, and it has lasted for a year. The child took part in each decision and "
        "says that life is different now. Others could learn from how school and worker act as one.",
        "Exemplary work between agencies has made life better in ways that the child names. Progress goes beyond "
        "what the plan hoped for.",
    ),
    "good": (
        "The child is safer than in the spring and says so. Work with school and health is prompt and shared, and "
        "the voice of the child runs through the record. Oversight is regular and reasoned.",
        "Help came in time and is working. The plan is clear and used, the child is heard, and supervision reflects. "
        "The gaps are small and have no effect on the child.",
        "Effective work between agencies, a relationship the child trusts, decisions with reasons. What is "
        "missing is neatness of recording, not quality of help.",
    ),
    "requires_improvement_with_good": (
        "The child is safe and some of the work is very good. The plan has not kept pace with it: three steps "
        "have no date, and the review was recorded late.",
        "Earlier delay has given way to purposeful work since the summer. It is recent and has to last.",
    ),
    "requires_improvement": (
        "The minimum is in place and the child is safeguarded. There has been drift in the plan, and the child’s "
        "voice is hard to find.",
        "Visits and reviews took place, but they have not moved things on. The analysis does not explain what all "
        "this activity is for.",
    ),
    "inadequate": (
        "The child was not seen for eleven weeks and two incidents were not followed up. The services given did "
        "not safeguard their welfare in this period.",
        "The plan was not carried out, supervision stopped, and nobody could tell me how the child is today. "
        "The manager was told at once and has acted.",
    ),
}
GOOD_ELEMENTS = (
    "The relationship with the child, the assessment, and the reflective supervision.",
    "Direct work of real skill, and the way in which the father was brought in.",
)
STRENGTHS = (
    "A steady relationship with the child, and adults who do what they said they would.",
    "Honest conversations with the family about what has to change, held with kindness.",
    "Agencies meet on time, share what they know, and act on it.",
    "A clear chronology that makes the pattern visible to anyone who reads it.",
    "The child’s own words, quoted and acted upon.",
    "Reflective supervision that asks what life is like for this child.",
)
GOOD_PRACTICE = (
    "The child chose three pictures that say how a week is, and each visit begins with them. "
    "It led to the change of contact times.",
    "Worker and health visitor make every second visit together, so that the family tells its story once.",
    "A letter to the child that explains the decision, in words for their age.",
    "none",
    "none",
)
LEARNING = (
    "Minutes of reviews reach the record weeks later across teams. The council should look at who types them.",
    "Interpreters can be booked for meetings but not for telephone calls.",
    "Dental and health appointments are hard to get after a move; an agreement with health would help.",
    "none",
    "none",
)
NO_ACTION = "The plan is working and each step has a date. There is nothing to add to it."
# what, how we will know, what changes for the child
ACTIONS = (
    (
        "Write the safety plan again with the family and name who checks each step on which day.",
        "The new plan is on file, the family agreed to it, and the next core group has tested each step.",
        "The child knows who comes when home does not feel safe, and it has been tried once.",
    ),
    (
        "Give each step of the plan a date and a person.",
        "The plan on file has a date and a name beside all of its steps.",
        "The child is told what happens next, and when.",
    ),
    (
        "Bring the chronology up to this month, with school attendance in it.",
        "The chronology runs to the day of the next supervision.",
        "Adults see the pattern, and not only each event.",
    ),
    (
        "Plan and begin four sessions of direct work with the child.",
        "Four sessions are recorded, with the child’s words and what came of them.",
        "The child has somebody who listens to what they want to change.",
    ),
    (
        "Visit the father and hear how he would like to be part of the plan.",
        "The visit is recorded, and his view stands in the next review.",
        "The child does not have to carry messages between adults.",
    ),
    (
        "Ask the school for its view and use it in the analysis.",
        "The school’s report is on file and is quoted in the updated assessment.",
        "Help at school and at home fits together.",
    ),
    (
        "Decide, with health, whether the missed appointments add up to neglect, and record the reasons.",
        "The decision and its reasons stand under Management Oversight.",
        "Health needs are seen to without another missed appointment.",
    ),
    (
        "Hold and record reflective supervision on this case each month.",
        "Two supervision records ask what life is like for the child and what has changed.",
        "Decisions are made in time and explained.",
    ),
    (
        "Write up the last two reviews and give the family their copy.",
        "Both records are on file, and the family has said that they received theirs.",
        "The child and the family can hold everyone to what was agreed.",
    ),
    (
        "Take life story work up again, with a session every fortnight.",
        "Three sessions are recorded, and the book has grown by a chapter.",
        "The child understands why they live where they live.",
    ),
    (
        "Offer an advocate, and explain what one does.",
        "The offer and the child’s answer are recorded.",
        "The child has a voice in the review that is not filtered.",
    ),
    (
        "Book the health assessment and agree who goes along.",
        "The appointment took place, and its recommendations are in the plan.",
        "The child’s health is known and looked after.",
    ),
)
OUTSIDE = ("The virtual school", "The health visitor", "The youth justice service", "The family support charity")
COMMENTS = (
    "Thank you. I recognise the picture, and the direct work is described as it was.",
    "Agreed. The review was held in time; only the record was late.",
    "I see it the same way. The plan was changed on the day after you read it.",
)
CHALLENGES = (
    "The child’s words are in the note of the direct work session, and the plan was changed because of them. "
    "I think that this is met.",
    "The strategy discussion took place. Its record lies under the sibling’s file, which you could not see.",
    "The grade does not reflect how much has become better since the summer.",
)
SETTLED_KEPT = (
    "We read the notes together. Both agree that the judgement stays, and that the text says more clearly why."
)
SETTLED_CHANGED = "You are right: the record was in another place. I have added it to the evidence."
RETURNED = (
    ("actions", "Domain 7: say which steps of the plan have no date. Action 1: name one person, not a team."),
    ("grade", "The evidence for the grade repeats the domains. Say what weighed most for this child."),
    ("worker", "Please add how the worker took part, and when you spoke."),
)
AFTER_RETURN = (
    "I have added the dates and what weighed most: how long the child waited, and what changed when help came."
)
PLACE = "Documents, Case Management Audit"
DISCUSSIONS = (
    "We read the audit together. The worker agrees with the grade and had begun on the first action already.",
    "We talked about what the child would say of the last six months, and what has to come first.",
    "We looked at what got in the way, and moved two visits so that there is time for direct work.",
)
REFLECTIONS = {
    "worker_practice": "Persistence with visits kept the relationship going when the plan was unclear.",
    "management_oversight": "I asked for updates and not for analysis. I will ask different questions.",
    "went_well": "The relationship with the child and the work with school: keep both.",
    "to_develop": "Plans with dates, and recording within two days.",
}
CONFIRMED = (
    "On file since the date given, and read with the worker.",
    "Seen in supervision: the record shows it, and the child was told.",
    "Minutes of the core group confirm it.",
)
CONCERN = (
    "An adult who is not to be in the home was there at two visits, and the safety plan does not know of it.",
    "The child told a teacher on Monday that they are afraid to go home. I find no answer to it on the record.",
)
CONCERN_ANSWERED = "I rang the worker, who is visiting today with a colleague. Strategy discussion held this afternoon."
EXEMPT = "I am signed off work until the end of the month."
CANCELLED = "The family moved to another council in the first week of the month, and the file has gone with them."
SUBSTITUTED = "The auditor trained the allocated worker and asked not to audit this case."
