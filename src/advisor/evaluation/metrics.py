"""Figures that say how good rankings, answers, citations and refusals are: pure arithmetic, no model judges.

Knows nothing of files, of the index or of how an answer was made; whether a passage supports a statement is the
caller's function. Passages and citations are numbered from 1. A share of nothing is None: leave that question out of
the mean. A figure over a run without questions raises ValueError. Retrieval alone gives 0 there, as trec_eval does.
"""

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate

from advisor.text import normalise, sentences

# --- rankings ------------------------------------------------------------------------------------


def recall_at_k(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """|relevant in the first k| / |relevant|, 0…1 (trec_eval's recall_k; Manning et al. 2008, ch. 8).

    0 where nothing is relevant. The ranking's order is taken as given; an id that comes twice counts once.
    """
    found = relevant & set(_first(ranked, k))
    return len(found) / len(relevant) if relevant else 0.0


def reciprocal_rank_at_k(ranked: Sequence[str], relevant: Set[str], k: int) -> float:
    """1 / rank of the first relevant id, 0 where none is among the first k (Voorhees 1999, TREC-8 QA).

    The ranking's order is taken as given, so a tie goes to the id that was listed first.
    """
    return next((1 / rank for rank, found in enumerate(_first(ranked, k), start=1) if found in relevant), 0.0)


def ndcg_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float:
    """DCG@k / ideal DCG@k with DCG = sum of grade / log2(rank + 1), 0…1 (Järvelin & Kekäläinen 2002).

    The gain is the grade itself, as in trec_eval's ndcg_cut, not 2^grade - 1 (Burges et al. 2005): a grade of 2 counts
    twice a grade of 1, not three times. Ids without a grade and negative grades gain nothing; without a positive grade
    the result is 0. Ties: the order given stands (trec_eval sorts equal scores by id itself). An id that comes twice
    gains at its first place and takes up room at the second.
    """
    first = _first(ranked, k)
    gains = [0 if found in first[:place] else max(0, grades.get(found, 0)) for place, found in enumerate(first)]
    ideal = sorted((grade for grade in grades.values() if grade > 0), reverse=True)[:k]
    return _dcg(gains) / _dcg(ideal) if ideal else 0.0


def _first(ranked: Sequence[str], k: int) -> Sequence[str]:
    if k < 1:
        raise ValueError(f"k is {k!r}; give the number of ranks to look at, 1 or more")
    return ranked[:k]


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


# --- what a text says ----------------------------------------------------------------------------

_DASHES = str.maketrans("‒―−", "---")  # beside those that `normalise` knows
_CITATION = re.compile(r"\s?\[\^?\d+(?:\s?[,;-]\s?\d+)*\](?:\([^)]*\))?")
_LINK = re.compile(r"\[([^\]\[]*)\]\(<?([^\s)>]+)[^)]*\)")
_URL = re.compile(r"https?://\S+")
_LIST_MARK = re.compile(r"^[ \t>#]*(?:[-*+•]|\d{1,2}[.)])[ \t]+", re.MULTILINE)
_NUMBER_WORDS = {
    word: str(number)
    for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
_NUMBER_WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_NUMBER_WORDS)})\b")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)")
_TOKEN = re.compile(r"\d+(?:[.,/:-]\d+)*[^\W\d_]*\+?|[^\W_]+(?:'[^\W_]+)*(?:[+#]+(?!\w))?|[$€£%]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*(?:k(?![^\W\d_]))?")
_ONE = re.compile(r"\bone\b", re.IGNORECASE)
_WORD = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]*(?:['’][^\W_]+)*(?:[+#]+(?!\w))?")


@dataclass(frozen=True, slots=True)
class Nugget:
    """One fact that a right answer says, in these words or in one of the others."""

    text: str
    aliases: tuple[str, ...] = ()


def nugget_recall(text: str, nuggets: Sequence[Nugget]) -> float | None:
    """Nuggets said / nuggets, 0…1; None without nuggets (Voorhees 2003, TREC definition questions; see `says`)."""
    return _share(sum(nugget_found(text, nugget) for nugget in nuggets), len(nuggets))


def nugget_found(text: str, nugget: Nugget) -> bool:
    """Whether the text says the nugget in its own words or in an alias."""
    return any(says(text, wording) for wording in (nugget.text, *nugget.aliases))


def forbidden_found(text: str, forbidden: Sequence[str]) -> tuple[str, ...]:
    """The forbidden wordings that the text says, in their order."""
    return tuple(wording for wording in forbidden if says(text, wording))


def says(text: str, wording: str) -> bool:
    """Whether the tokens of the wording stand side by side in the text, or in the target of one of its links.

    Before that both lose case, Markdown marks, list numbers, citation marks such as [1], possessive and plural s (words
    of four letters or more); quotes and white space are brought to one form, "four" to 4, "1,500" to 1500, "4 to 5"
    and every unspaced dash to 4-5. A number is one token with what is glued to it, so 4 is not found in 14, 4.5, 4-5,
    4+ or 4k. A spaced dash ("Phase 1 - 4 weeks") parts. Raises ValueError for a wording without a word or a number.
    """
    wanted = _tokens(wording)
    if not wanted:
        raise ValueError(f"{wording!r} has no word or number to look for; correct the question file")
    targets = [target for _, target in _LINK.findall(_CITATION.sub(" ", text))]
    return any(_side_by_side(wanted, _tokens(part)) for part in (text, *targets))


def token_f1(text: str, references: Sequence[str]) -> float:
    """2PR / (P + R) over shared tokens, the best of the references, 0…1 (Rajpurkar et al. 2016, SQuAD).

    Lower case, without ASCII punctuation and articles, as the SQuAD script does; citation marks go first. Where either
    side has no token left the result is 1 if both have none, else 0. Raises ValueError without references.
    """
    if not references:
        raise ValueError("there is no reference to compare with; give at least one")
    said = _squad_tokens(text)
    return max(_f1_of(said, _squad_tokens(reference)) for reference in references)


def unsupported_numbers(statement: str, passages: Sequence[str]) -> tuple[str, ...]:
    """Numbers of the statement that no passage has, each once, in order; their count is the length.

    "four" is 4, both ends of a range count; "one", list numbers, citation marks, addresses and digits inside words
    ("k8s") do not count. Units are not compared. A plain counter of invented figures, stricter than entailment.
    """
    known = {number for passage in passages for number in _numbers(passage)}
    said = _numbers(_ONE.sub(" ", _prose(statement)))
    return tuple(number for number in dict.fromkeys(said) if number not in known)


def unknown_names(statement: str, passages: Sequence[str]) -> tuple[str, ...]:
    """Names in the statement that no passage has in any case, each once, in order; their count is the length.

    A name is a word with a capital that its place does not explain: inside a sentence, or beyond the first letter
    ("PyTorch"). The first word of a sentence, and after a colon, is passed over, so a name may be missed there. Names
    of several words are checked word by word. The question may be handed over as one more passage.
    """
    known = {token for passage in passages for token in _tokens(_LINK.sub(r"\1 \2 ", passage))}
    return tuple(name for name in dict.fromkeys(_names(statement)) if not known.issuperset(_tokens(name)))


@lru_cache(maxsize=1024)
def _tokens(text: str) -> tuple[str, ...]:
    """The tokens of a text in the form that `says` describes; link targets are left out."""
    plain = _CITATION.sub(" ", _LIST_MARK.sub("", text))
    plain = normalise(_LINK.sub(r"\1", plain).translate(_DASHES))
    plain = re.sub(r"https?://(?:www\.)?", "", plain)
    plain = _NUMBER_WORD.sub(lambda word: _NUMBER_WORDS[word.group()], plain)
    plain = _THOUSANDS.sub(lambda number: number.group().replace(",", ""), plain)
    plain = re.sub(r"(?<=\d) to (?=\d)", "-", plain)
    return tuple(_singular(token.removesuffix("'s")) for token in _TOKEN.findall(plain))


def _singular(token: str) -> str:
    folds = len(token) > 3 and token.isalpha() and token.endswith("s")
    return token[:-1] if folds else token


def _side_by_side(wanted: tuple[str, ...], there: tuple[str, ...]) -> bool:
    return any(there[i : i + len(wanted)] == wanted for i in range(len(there) - len(wanted) + 1))


def _numbers(text: str) -> list[str]:
    return [number for token in _tokens(text) if token[0].isdigit() for number in _NUMBER.findall(token)]


def _prose(statement: str) -> str:
    """The statement, line by line, without list and citation marks and addresses."""
    return _URL.sub(" ", _LINK.sub(r"\1", _CITATION.sub(" ", _LIST_MARK.sub("", statement))))


def _names(statement: str) -> Iterator[str]:
    for line in _prose(statement).splitlines():
        for sentence in sentences(line):
            for word in _WORD.finditer(sentence):
                if _is_name(word.group(), sentence[: word.start()].rstrip(" \"'“”‘’([*_`~")):
                    yield word.group()


def _is_name(word: str, before: str) -> bool:
    if re.split("['’]", word)[0] == "I" or not any(letter.isupper() for letter in word):
        return False
    explained = not before or before[-1] in ":|"
    return not explained or any(letter.isupper() or letter.isdigit() for letter in word[1:])


def _squad_tokens(text: str) -> Counter[str]:
    text = _CITATION.sub("", text).lower().translate(str.maketrans("", "", string.punctuation))
    return Counter(re.sub(r"\b(?:a|an|the)\b", " ", text).split())


def _f1_of(said: Counter[str], reference: Counter[str]) -> float:
    shared = (said & reference).total()
    if not said or not reference:
        return float(said == reference)
    return 2 * shared / (said.total() + reference.total())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# --- citations -----------------------------------------------------------------------------------

Supports = Callable[[str, Sequence[str]], bool]


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """One sentence of an answer, without its marks, and the passage numbers it cites."""

    text: str
    citations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class CitationScores:
    """Counts of one answer, from which ALCE's shares follow."""

    statements: int
    supported: int  # statements that their citations bear out together
    citations: int
    precise: int  # citations that support alone or are needed

    @property
    def recall(self) -> float | None:
        """Supported / statements, 0…1; None without statements."""
        return _share(self.supported, self.statements)

    @property
    def precision(self) -> float | None:
        """Precise / citations, 0…1; 0 where statements cite nothing, as in ALCE's script; None without statements."""
        return _share(self.precise, self.citations or self.statements)

    @property
    def f1(self) -> float | None:
        """2PR / (P + R), 0…1, and 0 where both are 0; None without statements."""
        recall, precision = self.recall, self.precision
        if recall is None or precision is None:
            return None
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def citation_scores(
    statements: Sequence[CitedStatement], passages: Sequence[str], supports: Supports
) -> CitationScores:
    """Citation recall and precision of one answer (Gao et al. 2023, ALCE); ALCE averages them over answers.

    Recall: statements whose cited passages together support them; one without citations is not supported. Precision:
    citations of supported statements that support alone, or without which the others no longer do. A number cited
    twice by one statement counts once. A number that no passage has spoils its statement, as in ALCE; unlike in ALCE's
    script, which leaves those citations out, all of them then count as imprecise.
    """
    supported = cited = precise = 0
    for statement in statements:
        numbers = tuple(dict.fromkeys(statement.citations))
        cited += len(numbers)
        if not numbers or not all(1 <= number <= len(passages) for number in numbers):
            continue
        texts = [passages[number - 1] for number in numbers]
        if supports(statement.text, texts):
            supported += 1
            precise += _precise(statement.text, texts, supports)
    return CitationScores(len(statements), supported, cited, precise)


def _precise(statement: str, texts: Sequence[str], supports: Supports) -> int:
    """How many of the passages that support a statement together support it alone or are needed."""
    if len(texts) == 1:
        return 1
    return sum(
        supports(statement, [text]) or not supports(statement, [*texts[:i], *texts[i + 1 :]])
        for i, text in enumerate(texts)
    )


def validity(citations: Sequence[int], passage_count: int) -> float | None:
    """Citations whose number exists (1…passage_count) / citations, repeats counted; None without citations."""
    return _share(sum(1 <= number <= passage_count for number in citations), len(citations))


# --- refusals and verdicts -----------------------------------------------------------------------


class Expected(StrEnum):
    """What a question calls for."""

    ANSWER = "answer"
    REFUSE = "refuse"
    CLARIFY = "clarify"
    WARN = "warn"


class Verdict(StrEnum):
    """How one answer fared."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Abstention:
    """How well refusals fall where they should, each 0…1; None where there is nothing to take a share of."""

    precision: float | None
    recall: float | None
    false_refusal_rate: float | None


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only at this confidence or above: share answered, and share of wrong ones among them."""

    confidence: float
    coverage: float
    risk: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """The curve, most confident first, and the area under it (0 is best)."""

    points: tuple[RiskPoint, ...]
    area: float


@dataclass(frozen=True, slots=True)
class CragScore:
    """The mean of +1, 0 and -1 (-1…1), and the shares it comes from."""

    score: float
    right: float
    missing: float
    wrong: float


def abstention(pairs: Sequence[tuple[str, str]]) -> Abstention:
    """Refusals against expectations, from (expected, status) pairs; refusing is the positive class.

    Precision: status "refused" that expected "refuse" / all "refused"; recall: the same / all that expected "refuse";
    false-refusal rate: "refused" / all that expected "answer". Pairs that
    expect "clarify" or "warn" are left out: a refusal is neither right nor wrong there. A status "clarify" is no
    refusal. Raises ValueError for an unknown expectation or status.
    """
    unknown = {status for _, status in pairs} - {"answered", "refused", "clarify"}
    if unknown:
        raise ValueError(f"unknown status {sorted(unknown)!r}; use 'answered', 'refused' or 'clarify'")
    counts = Counter((Expected(expected), status == "refused") for expected, status in pairs)
    rightly, wrongly = counts[Expected.REFUSE, True], counts[Expected.ANSWER, True]
    return Abstention(
        precision=_share(rightly, rightly + wrongly),
        recall=_share(rightly, rightly + counts[Expected.REFUSE, False]),
        false_refusal_rate=_share(wrongly, wrongly + counts[Expected.ANSWER, False]),
    )


def risk_coverage_curve(confidences: Sequence[float], correct: Sequence[bool]) -> RiskCoverage:
    """Point i of n answers the i most confident: coverage i/n, risk = wrong among them / i (Geifman & El-Yaniv 2017).

    The area is the mean risk over the n points (AURC; Geifman, Uziel & El-Yaniv 2019). Equal confidences are taken
    one by one in the order given. Raises ValueError for nothing, for unequal lengths or a confidence that is NaN.
    """
    if not confidences or len(confidences) != len(correct) or any(math.isnan(value) for value in confidences):
        raise ValueError(
            f"{len(confidences)} confidences for {len(correct)} verdicts; give one number for each, no NaN"
        )
    order = sorted(range(len(correct)), key=lambda i: -confidences[i])
    wrong = accumulate(not correct[i] for i in order)
    points = tuple(
        RiskPoint(confidences[i], taken / len(order), errors / taken)
        for taken, (i, errors) in enumerate(zip(order, wrong, strict=True), start=1)
    )
    return RiskCoverage(points, sum(point.risk for point in points) / len(points))


def crag_score(verdicts: Sequence[Verdict]) -> CragScore:
    """Mean of +1 for right, 0 for refused or missing, -1 for wrong (CRAG, Yang et al. 2024, automatic form)."""
    if not verdicts:
        raise ValueError("there is no verdict to score; give at least one")
    counts = Counter(verdicts)
    right, missing, wrong = (counts[verdict] / len(verdicts) for verdict in Verdict)
    return CragScore(right - wrong, right, missing, wrong)
