"""Evidence for the nine domains, by judgement. Respectful, about practice, never with a name."""

# domain: (met, partially met, not met)
EVIDENCE: dict[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "relationships": (
        (
            "The worker has visited more often than the plan asks, at times and places the child chose.",
            "The change of worker was explained beforehand and both workers made the last visit together.",
            "Play and drawing are used with skill, and what came of it is recorded in the child’s own words.",
            "The relationship is warm, honest and steady; hard conversations are held early and kindly.",
        ),
        (
            "Visits were in time, but most were at home with an adult in the room.",
            "Direct work began well and stopped when the worker was away; nobody took it up again.",
            "There have been three workers in the period, and the record does not show how the child was prepared.",
        ),
        (
            "The child was seen twice in the period and not once alone.",
            "No direct work is on the record, and the reasons are not given.",
        ),
    ),
    "communication": (
        (
            "The child’s words are quoted in every visit, and the plan changed because of them.",
            "An interpreter was booked for each meeting, and the plan was explained in the family’s language.",
            "The child helped to write the review’s agenda and chose who should be there.",
            "The recording is written to the child, in plain words that they could read later.",
        ),
        (
            "The views of the child are recorded but summarised by adults; it is hard to hear how it was said.",
            "Wishes and feelings were sought for the review and not between reviews.",
            "The plan is clear to professionals, and too long for the family it is for.",
        ),
        (
            "I could not find what the child thinks about where they live.",
            "An advocate was suggested in the last review and has not been offered.",
        ),
    ),
    "development": (
        (
            "Speech and language needs are followed up, and the nursery’s two reports are used well.",
            "Identity is thought about in every report: faith, heritage and friendships are all there.",
            "The health assessment led to three changes in the plan, all of them done.",
            "School, health and carers share one view of how the child is doing, with dates.",
        ),
        (
            "Education is described in detail; health and identity take up one line each.",
            "Life story work has begun and has had no session since the summer.",
            "The strengths and difficulties questionnaire was done, but its score is not talked about.",
        ),
        (
            "The health assessment is overdue and nobody is named to arrange it.",
            "The record does not show how the child is doing at school this year.",
        ),
    ),
    "adults": (
        (
            "What weighs on the adults at home is understood, and so is what it means for school mornings.",
            "Fathers and the wider family were found, asked and included.",
            "A family group conference was held, and its plan is the one that is used.",
            "Adult services and the worker visited together, so that the family told its story once.",
        ),
        (
            "Support for the adults is listed; whether it helps is not said.",
            "One of the two households was visited in the period.",
            "The adults’ own childhoods are known and not used to understand what they find hard.",
        ),
        (
            "A parent’s drinking is mentioned in four notes and assessed in none.",
            "Nobody in the wider family has been asked what they could offer.",
        ),
    ),
    "safety": (
        (
            "The strategy discussion was held on the day of the referral, and the reasons are recorded.",
            "The safety plan says who does what on which day, and it was tried out with the family.",
            "Missing episodes were followed by return conversations within a day, each used in the plan.",
            "Harm outside the home was seen early, and school and police share one map of places and people.",
        ),
        (
            "Risk is recognised. The plan for weekends relies on relatives, who are not recorded as having agreed.",
            "Each event is recorded on its own; how they add up over the year is not.",
            "The safety plan is clear about who the safe adults are, and silent on who checks it.",
        ),
        (
            "Two incidents in the period were not followed by a strategy discussion, and no reason is recorded.",
            "The written agreement asks the adult who is hurt to keep the child safe; nobody else is named.",
        ),
    ),
    "assessment": (
        (
            "The assessment is up to date, balanced and uses the history.",
            "The chronology runs to this month and shows the pattern at a glance.",
            "Strengths and worries are weighed, and the reader can see how the conclusion was reached.",
            "Research is used lightly and well: it changed one of the recommendations.",
        ),
        (
            "The assessment describes well and analyses briefly.",
            "It was finished eleven days late; the delay is explained and did not leave the child at risk.",
            "The chronology is good until the spring and has gaps since.",
        ),
        (
            "The last assessment is from before the child moved, and much has changed.",
            "The assessment repeats an earlier one in two places, with another child’s circumstances in it.",
        ),
    ),
    "planning": (
        (
            "Each step of the plan has a person, a date and a sign by which one will know.",
            "Core groups met in time, with the same people, and moved things on.",
            "The review asked what had become better for the child, and ended what was no longer needed.",
            "There is a plan for what happens if this one does not work, and the family knows it.",
        ),
        (
            "The plan says what adults will do. Three of its six steps have no date.",
            "The review was held in time and recorded 19 days late.",
            "Outcomes are written as services to be attended, not as what should change for the child.",
        ),
        (
            "The plan has not changed for five months although the situation has.",
            "Two core groups were cancelled and not held later.",
        ),
    ),
    "law": (
        (
            "Visits, reviews and checks are within the statutory times, without exception in the period.",
            "Consent and its limits are recorded, and information was shared lawfully and promptly.",
            "The order and what it allows are explained on the first page; anyone covering would understand it.",
            "Recording is done within two days, and facts are kept apart from opinion.",
        ),
        (
            "Visits were on time. Consent to share information with the nursery is not on file.",
            "Recording is thorough and often late: five notes were written more than a week after the visit.",
            "The delegation of authority is signed but does not cover overnight stays.",
        ),
        (
            "One statutory visit was missed, and the next was eleven weeks later.",
            "The placement plan is not on the record.",
        ),
    ),
    "oversight": (
        (
            "Supervision is monthly and reflective: it asks why, not only what.",
            "Management decisions carry their reasons, and the worker can point to what they changed.",
            "The reviewing officer raised drift early, and the manager answered within a week.",
            "The manager joined a visit in the period and wrote down what it taught both.",
        ),
        (
            "Supervision took place in time; it is mostly a list of tasks.",
            "Oversight is there at each decision, and thin between them.",
            "The manager asked for a legal view in the summer; the record does not show the answer.",
        ),
        (
            "There is no supervision on the record for ten weeks.",
            "There was no allocated worker for a month, and nobody wrote down how the child was kept in sight.",
        ),
    ),
}
NOT_APPLICABLE = (
    "This is a foster carer’s file: the domain is covered in the audits of the children placed.",
    "The case came from early help three weeks ago, so there is no plan to judge yet.",
    "The young person lives on their own; there are no carers whose needs could be judged.",
)
REFERENCES = (
    "Case note of {}.",
    "See the visit of {}.",
    "Supervision record of {}.",
    "Review minutes of {}.",
    "Chronology, entry of {}.",
)
