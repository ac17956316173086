"""Words that learners and roadmaps use for the same thing, and words a roadmap must have before it can answer.

Plain language knowledge, kept by hand: no document's content stands here. Looked up by stem; knows nothing of search.
"""

from collections.abc import Mapping
from functools import lru_cache

from advisor.text import stem

# One line, one meaning. A question's word also finds the others of its line.
_SAME = """
mistake pitfall error trap avoid wrong
newbie beginner beginning starter novice basic introductory entry junior easy easier
intermediate mid middle
advanced expert experienced senior hardest harder toughest tougher top
ladder progression growth promotion progress
titles roles positions
library framework tool technology package software
hard difficult difficulty tough challenging barrier struggle
afford broke poor aid scholarship financial free
cost free paid fee pay afford
mindset soft personality trait professional
draw chart plot visualization graph visualisation
ship deploy deployment serve serving production release
build create develop implement make project
read book reading
course class specialization training tutorial mooc
certificate credential exam
topic cover taught teach curriculum syllabus subject content
everyday daily day routine
teach teacher instructor taught author provider
write author wrote by
community group network meetup club forum
join participate engage contribute
tip advice practice recommendation
maths algebra calculus statistics
language programming python
video youtube
platform site website provider offered
definition meaning define
skill competency strength ability knowledge
prerequisite requirement prior before need
suit personality interest trait strength
myth reality misconception
order sequence phase stage step
stage phase step level
example real-world
measure metric success
job career role work
switch transition move changer
focus concentrate emphasis
mentor mentorship mentoring
paper research publication
notebook colab kaggle
neural net network deep
brush refresh review
outcome result
hour week time duration
idea project example
raise bump hike increase boost
company employer industry
future outlook demand
compete competition contest kaggle
niche specialization specialize
repo github repository git
warm foundation
foundation fundamental basic
maintain monitor monitoring maintenance
version versioning
"""

# Concepts that change what is asked: where the passages have neither the word nor its like, they cannot answer.
_TOPICS = """
salary earn wage income compensation
visa immigration passport citizenship
remote remotely telecommute
interview
degree bachelor master phd doctorate university college diploma
bootcamp
laptop gpu hardware desktop monitor
age
vacation holiday leave
resume cv letter
employer company startup firm
hire hiring recruiter recruit
exam test pass mark
fee dollar euro rupee pound
country city abroad
percent percentage statistic
date deadline cohort year
gender women
stress burnout
outlook demand
"""


@lru_cache(maxsize=1)
def _same() -> Mapping[str, frozenset[str]]:
    lines = [frozenset(stem(word) for word in line.split()) for line in _SAME.strip().splitlines()]
    found: dict[str, frozenset[str]] = {}
    for line in lines:
        for word in line:
            found[word] = found.get(word, frozenset()) | (line - {word})
    return found


@lru_cache(maxsize=1)
def _topics() -> Mapping[str, frozenset[str]]:
    lines = [frozenset(stem(word) for word in line.split()) for line in _TOPICS.strip().splitlines()]
    return {word: line for line in lines for word in line}


def synonyms(term: str) -> frozenset[str]:
    """Stems that stand for the same thing as this stem; empty where none are known."""
    return _same().get(term, frozenset())


def topic(term: str) -> frozenset[str]:
    """The stems of the concept this stem belongs to, itself among them; empty for words that decide nothing."""
    return _topics().get(term, frozenset())
