"""A learner's words for skills against the words of the pages: one form for each skill, and how near two come.

Conservative: "Java" is not "JavaScript", "C" is neither "C++" nor "C#", "security" is not "web security". A typo is
mended only where no page writes the word and one skill's name is a letter or two away. Knows language, no roadmaps.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from advisor.corpus.roadmap import prerequisite_names
from advisor.text import normalise, stem, words

# One line, one skill: its form, then other spellings. These hold inside longer names too ("ML pipelines").
_SPELLINGS = """
javascript: js, java script, ecmascript, es6
typescript: ts, type script
node.js: nodejs, node js
react: reactjs, react.js
vue: vuejs, vue.js
angular: angularjs, angular.js
next.js: nextjs
kubernetes: k8s, kube
go: golang
c++: cpp, c plus plus, cplusplus
c#: csharp, c sharp
objectivec: objective c, objc
f#: fsharp, f sharp
html: html5
css: css3
postgresql: postgres, psql, postgre sql
mongodb: mongo
sqlserver: sql server, mssql, ms sql, ms sql server, microsoft sql server
machine learning: ml
deep learning: dl
artificial intelligence: ai
natural language processing: nlp
computer vision: cv
reinforcement learning: rl
large language models: llm, llms
aws: amazon web services
google cloud: gcp, google cloud platform
azure: microsoft azure
power bi: powerbi, microsoft power bi, ms power bi
excel: microsoft excel, ms excel, exel
scikit learn: sklearn, scikitlearn
pytorch: torch, py torch
tensorflow: tensor flow
mathematics: maths, math
statistics: stats
userinterface: ui, user interface
userexperience: ux, user experience
regular expressions: regex, regexp, regexes
infrastructure as code: iac
object oriented programming: oop
quality assurance: qa
github: git hub
ros: ros2, ros 2
embedded c: embedded c language
"""

# The same for whole names only: inside a longer name these words say less.
_WHOLE_NAMES = """
cloud platforms: cloud, cloud computing, cloud services, public cloud
ci cd: ci, cicd, continuous integration, continuous delivery, continuous deployment
ci cd: continuous integration continuous delivery, continuous integration continuous deployment
rest apis: rest, rest api, restful api, restful apis, restful
networking: computer networks, computer networking, networks
testing: software testing
spreadsheets: spreadsheet software
data visualisation: dataviz, data viz, visualisation, visualization
command line: shell, terminal, unix shell
linear algebra: lin alg, linalg
presenting: public speaking, giving presentations
web security: web application security
bash: bash scripting, shell scripting, shell scripts
user interviews: customer interviews, interviewing users
node.js: node
identity access management: iam
"""

# Who has used the left has used the right: the right is the language, system or kind of thing that the left is.
_COMES_WITH = """
pandas, numpy, django, flask, fastapi, matplotlib, pytest: python
excel, google sheets, libreoffice calc, pivot tables: spreadsheets
postgresql, mysql, mariadb, sqlite, sqlserver, bigquery, snowflake, plsql, pl sql, t sql, tsql: sql
bigquery, snowflake, redshift: data warehouse
github, gitlab, bitbucket: git
git, github, gitlab: version control
react, vue, angular, typescript, jquery, node.js, next.js, express.js: javascript
aws, azure, google cloud: cloud platforms
ubuntu, debian, fedora, red hat, rhel, centos: linux
jenkins, github actions, gitlab ci, circleci: ci cd
docker compose: docker
helm: kubernetes
spring, spring boot: java
rails, ruby on rails: ruby
swiftui, uikit: swift
jetpack compose: kotlin
tidyverse, ggplot2, dplyr: r
sass, tailwind, bootstrap: css
rest apis: apis, http apis
calculus, linear algebra: mathematics
splunk, microsoft sentinel: siem
airflow, dagster, prefect, kestra: orchestration
unit testing, integration testing: testing
grafana, prometheus: monitoring
"""

_FILLERS = frozenset(
    """
    a an the and or of in with for to on using my some good strong solid basic basics beginner intermediate advanced
    fundamental fundamentals foundations introduction language languages programming coding skill skills knowledge
    experience development framework library queries core concepts algorithms proficiency level very well
    """.split()
)
_BRITISH = re.compile(r"(?<=[a-z]{3})is(?=(?:e[sdr]?|ing|ations?)$)")
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_PARTS = re.compile(r"\s*(?:/|&|\+(?=\s)|\band\b)\s*", re.IGNORECASE)
_CLAUSES = re.compile(r"[;()]")
_WILL_DO = re.compile(r"\b(?:will do|do|does|serves?) (?:as well|equally)\b|^\s*or\b|\bone of\b", re.IGNORECASE)
_SHORT_CHARS = 2  # names such as C, R and Go stand in a text only where they are written like names
_WORDLIKE = frozenset({"rust", "swift", "spark", "spring", "react", "express"})
_SHORTEST_TYPO, _LONG_WORD = 5, 9


class Closeness(StrEnum):
    """How a known skill stands to a needed one; the first three mean that the need is met."""

    SAME = "same"
    ALTERNATIVE = "the page takes it as well"
    COMES_WITH = "comes with it"
    PART = "part of it"


MET = frozenset({Closeness.SAME, Closeness.ALTERNATIVE, Closeness.COMES_WITH})


@dataclass(frozen=True, slots=True)
class Known:
    """A skill a learner has: as it was given, and as it was read where a typo was mended."""

    given: str
    name: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What typos are held against: the words of skills' names, the names themselves, every word that a page writes."""

    name_words: Mapping[str, str]  # normal form to the word as pages write it
    names: frozenset[tuple[str, ...]]
    written: frozenset[str]


# --- one form for each skill ----------------------------------------------------------------------


@lru_cache(maxsize=16384)
def canonical(name: str) -> tuple[str, ...]:
    """The words of a skill in one form: aliases resolved, fillers dropped, stems; () for no words at all."""
    plain = _BRACKETS.sub("", name).strip() or name
    return _stemmed(_whole(_contentful(_resolved(tuple(words(plain))))))


def _contentful(found: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in found if word not in _FILLERS) or found


def _resolved(found: tuple[str, ...]) -> tuple[str, ...]:
    """The words with every spelling of the table replaced by its form, the longest first."""
    forms, longest = _forms(), max(map(len, _forms()))
    made: list[str] = []
    at = 0
    while at < len(found):
        for length in range(min(longest, len(found) - at), 0, -1):
            form = forms.get(found[at : at + length])
            if form is not None or length == 1:
                made += form if form is not None else found[at : at + 1]
                at += length
                break
    return tuple(made)


def _whole(found: tuple[str, ...]) -> tuple[str, ...]:
    return _whole_forms().get(found, found)


def respelled(text: str) -> tuple[str, ...]:
    """The words of a text with every spelling of the table replaced; a name of one word also where only it stands."""
    found = _resolved(tuple(words(text)))
    whole = _whole(found)
    return whole if len(found) == len(whole) == 1 else found


def _stemmed(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem(_BRITISH.sub("iz", word)) for word in found)


def _table(lines: str) -> Iterator[tuple[str, list[str]]]:
    for line in lines.strip().splitlines():
        left, _, right = line.partition(": ")
        yield left, right.split(", ")


@lru_cache(maxsize=1)
def _forms() -> dict[tuple[str, ...], tuple[str, ...]]:
    return {tuple(words(other)): tuple(words(form)) for form, others in _table(_SPELLINGS) for other in others}


@lru_cache(maxsize=1)
def _whole_forms() -> dict[tuple[str, ...], tuple[str, ...]]:
    lines = list(_table(_WHOLE_NAMES))
    return {
        _contentful(_resolved(tuple(words(other)))): tuple(words(form)) for form, others in lines for other in others
    }


@lru_cache(maxsize=1)
def _kinds() -> dict[tuple[str, ...], frozenset[tuple[str, ...]]]:
    """Skill to what comes with it, all in their forms."""
    found: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
    for left, kinds in _table(_COMES_WITH):
        for name in left.split(", "):
            form = canonical(name)
            found[form] = found.get(form, frozenset()) | {canonical(kind) for kind in kinds}
    return found


def same_skill(one: str, other: str) -> bool:
    """Whether two names mean the same skill; the order of their words does not count."""
    return bool(one.strip()) and set(canonical(one)) == set(canonical(other))


# --- how near a known skill comes to a needed one -------------------------------------------------


def closeness(known: str, need: str, detail: str = "") -> Closeness | None:
    """How a known skill stands to a needed one and to what the page says of it; None where it has nothing to do."""
    if same_skill(known, need):
        return Closeness.SAME
    if named_in(known, detail):
        clauses = [clause for clause in _CLAUSES.split(detail) if named_in(known, clause)]
        if any(_WILL_DO.search(clause) for clause in clauses):
            return Closeness.ALTERNATIVE
    if canonical(need) in _kinds().get(canonical(known), frozenset()):
        return Closeness.COMES_WITH
    if named_in(known, detail) or _is_kind_of(known, need) or _is_half_of(known, need):
        return Closeness.PART
    return None


def named_in(known: str, text: str) -> bool:
    """Whether a text names the skill, word for word in their common form; C, R and Go only as they are written."""
    form = canonical(known)
    if not form or not text:
        return False
    if len(form) == 1 and (len(form[0]) <= _SHORT_CHARS or form[0] in _wordlike()):
        return bool(re.search(rf"(?<!\w){re.escape(_as_name(known))}(?![\w+#&])", text))
    held = canonical_text(text)
    return any(held[at : at + len(form)] == form for at in range(len(held) - len(form) + 1))


def written_in(known: str, text: str) -> bool:
    """Whether a text names the skill in the very words, aliases apart: in prose a stem may be another word."""
    form = _contentful(_resolved(tuple(words(known))))
    held = _contentful(_resolved(tuple(words(text))))
    return named_in(known, text) and any(held[at : at + len(form)] == form for at in range(len(held)))


@lru_cache(maxsize=1)
def _wordlike() -> frozenset[str]:
    return frozenset(map(stem, _WORDLIKE))


def _as_name(known: str) -> str:
    plain = known.strip()
    plain = "Go" if plain.casefold() == "golang" else plain
    return plain[:1].upper() + plain[1:]


@lru_cache(maxsize=16384)
def canonical_text(text: str) -> tuple[str, ...]:
    """The words of a whole text in the form of `canonical`, nothing but aliases and stems changed."""
    return _stemmed(_contentful(_resolved(tuple(words(text)))))


def _is_kind_of(known: str, need: str) -> bool:
    """Whether its last words are the whole of the other: "web security" is a kind of "security"."""
    form, other = canonical(known), canonical(need)
    return len(form) > len(other) > 0 and form[-len(other) :] == other


def _is_half_of(known: str, need: str) -> bool:
    """Whether the other joins it with something else: "TypeScript" of "TypeScript and React"."""
    parts = _PARTS.split(need)
    return len(parts) > 1 and any(same_skill(known, part) for part in parts)


# --- what a learner gives -------------------------------------------------------------------------


def read_vocabulary(names: Iterable[str], texts: Iterable[str]) -> Vocabulary:
    """The vocabulary of these skills' names and these pages."""
    listed = [name for name in names if name.strip()]
    spelled = {normalise(word): word for name in reversed(listed) for word in re.findall(r"[^\W_]+", name)}
    aliases = {word for table in (_SPELLINGS, _WHOLE_NAMES, _COMES_WITH) for word in words(table)}
    written = frozenset(word for text in texts for word in words(text)) | aliases
    return Vocabulary(spelled, frozenset(map(canonical, listed)), written)


def read_known(given: str | Sequence[str], vocabulary: Vocabulary, *, whole: Iterable[str] = ()) -> tuple[Known, ...]:
    """The skills in "SQL, Excel, pythn", each once, in order; typos mended, "HTML/CSS" taken as the two it is.

    Names that are `whole` stay so, whatever commas they hold, and are spelled as they are there.
    """
    names = {normalise(name): name for name in whole}
    found: dict[tuple[str, ...], Known] = {}
    for wording in [given] if isinstance(given, str) else given:
        for entry in prerequisite_names(wording.replace("\n", ","), names):
            for part in [entry] if normalise(entry) in names else _separated(entry.strip(" .-*"), vocabulary):
                name = mended(part, vocabulary)
                if canonical(name):
                    found.setdefault(canonical(name), Known(part, name))
    return tuple(found.values())


def is_listed(name: str, vocabulary: Vocabulary) -> bool:
    """Whether the name is that of a skill: one of the vocabulary or of the tables here, in any spelling."""
    form = canonical(name)
    return bool(form) and (form in vocabulary.names or form in _kinds() or form in _parents())


@lru_cache(maxsize=1)
def _parents() -> frozenset[tuple[str, ...]]:
    return frozenset[tuple[str, ...]]().union(*_kinds().values())


def _separated(entry: str, vocabulary: Vocabulary) -> list[str]:
    """The entry, or its halves where each of them is a skill by itself and the whole is none."""
    parts = [part for part in _PARTS.split(entry) if part]
    is_two = canonical(entry) not in vocabulary.names and len(parts) > 1
    kinds = _kinds()
    return (
        parts if is_two and all(canonical(p) in vocabulary.names or canonical(p) in kinds for p in parts) else [entry]
    )


def mended(name: str, vocabulary: Vocabulary) -> str:
    """The name with each mistyped word as the pages write it; a word that any page writes is no typo."""
    return re.sub(r"[^\W_]{5,}", lambda found: _mended_word(found.group(), vocabulary), name)


def _mended_word(word: str, vocabulary: Vocabulary) -> str:
    plain = normalise(word)
    if plain in vocabulary.written or plain in vocabulary.name_words:
        return word
    most = 1 if len(plain) < _LONG_WORD else 2
    near = [
        (OSA.distance(plain, other), other)
        for other in vocabulary.name_words
        if len(other) >= _SHORTEST_TYPO and other[0] == plain[0] and abs(len(other) - len(plain)) <= most
    ]
    found = min((pair for pair in near if pair[0] <= most), default=None)
    return vocabulary.name_words[found[1]] if found else word
