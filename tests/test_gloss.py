"""Questions in other languages: which language they are in, and what they ask in plain English words."""

from pathlib import Path

import pytest

from advisor.records import Answer, Gloss, Intent, Query, Status
from advisor.search.gloss.endings import entry_of
from advisor.search.gloss.lexicon import Language, lexicon_of, plural
from advisor.search.gloss.reading import borne_out, gloss_of, in_english
from advisor.search.gloss.recognise import language_of
from advisor.search.gloss.replies import in_learners_language, is_in_other_language
from advisor.search.profile import told
from advisor.search.query import asked_so_far, understand
from advisor.text import sentences

CORPUS = Path(__file__).parent.parent / "corpus"


def english(question: str, *before: str) -> str:
    gloss = gloss_of(question, before)
    return gloss.english if gloss else ""


ASKED = """
Wie lange dauert es, Dateningenieur zu werden? | How long does it take to become a data engineer?
Was macht eine Datenwissenschaftlerin den ganzen Tag? | What does a data scientist do all day?
Was ist der Unterschied zwischen einem Data Analyst und einem Data Scientist? | What is the difference between a Data analyst and a Data Scientist?
Muss ich Mathematik können, um Machine Learning zu lernen? | Do I need to know mathematics, to learn Machine Learning?
Erstelle mir einen Lernplan für Backend-Entwickler mit 10 Stunden pro Woche | Make me a study plan for Backend developer with 10 hours per week
Wie hoch sind die Zertifizierungskosten für Netzwerktechniker? | How high is the certificate cost for network engineer?
Wie wird das Wetter morgen in Berlin? | How is the weather tomorrow in Berlin?
Wie werde ich Entwickler:in für eingebettete Systeme? | How do I become an embedded developer?
Wie oft muss man das CKA-Zertifikat erneuern? | How often do I need to renew the CKA certificate?
Gibt es kostenlose Bücher über lineare Algebra? | Are there free books about linear algebra?
Kann man ohne Studium Sicherheitsanalyst werden? | Can I become a security analyst without a degree?
WIE LANGE DAUERT PHASE 2? | How long does phase 2 take?
Welche Pruefung brauche ich? | Which exam do I need?
Hallo! | Hello!
Combien de temps faut-il pour devenir ingénieure données ? | How long does it take to become a data engineer?
Combien coûte la certification CKA ? | How much does the CKA certificate cost?
Que fait un ingénieur DevOps au quotidien ? | What does a DevOps engineer do day to day?
Quelle est la différence entre un chef de projet et un chef de produit ? | What is the difference between a project manager and a product manager?
Faut-il un diplôme pour devenir analyste en cybersécurité ? | Do I need a degree to become a security analyst?
Fais-moi un plan d'étude pour devenir data analyst avec 8 heures par semaine | Make me a study plan to become a data analyst with 8 hours per week
Comment devenir ingénieur(e) en vision par ordinateur ? | How do I become a computer vision engineer?
Quelles compétences faut-il pour être rédacteur technique ? | Which skills do I need to be a technical writer?
Où trouver des cours gratuits ? | Where can I find free courses?
Qu'est-ce que MLOps ? | What is MLOps?
Merci beaucoup ! | Thanks!
¿Cuánto tiempo se tarda en ser ingeniero de datos? | How long does it take to become a data engineer?
¿Cuánto cuesta el examen CompTIA Security+? | How much does the CompTIA Security+ exam cost?
¿Qué hace un administrador de bases de datos? | What does a database administrator do?
¿Qué cursos gratuitos hay para desarrollador web? | What free courses are there for web developer?
¿Cuál es la diferencia entre un ingeniero de datos y un científico de datos? | What is the difference between a data engineer and a data scientist?
cuanto tiempo dura la fase 2 del ingeniero de aprendizaje automatico? | How long does the phase 2 of the machine learning engineer take?
¿Hace falta un máster para ser estadístico? | Do I need a master's degree to become a statistician?
Hazme un plan de estudio para ser desarrollador Android, tengo 6 horas por semana | Make me a study plan to become an Android developer, I have 6 hours per week
¿Cuál es la capital de Mongolia? | What is the capital of Mongolia?
Gracias | Thanks
Quanto tempo leva para se tornar engenheiro de dados? | How long does it take to become a data engineer?
Quanto custa a certificação Terraform Associate? | How much does the Terraform Associate certificate cost?
O que faz uma desenvolvedora de jogos no dia a dia? | What does a game developer do day to day?
Qual é a diferença entre front-end e back-end? | What is the difference between front-end and back-end?
Preciso de faculdade para ser cientista de dados? | Do I need degree to become a data scientist?
Monte um plano de estudos para analista de dados com 10 horas por semana | Make me a study plan for data analyst with 10 hours per week
Quais são os erros mais comuns de um gerente de produto? | What are the most common mistakes of a product manager?
Posso virar engenheiro de nuvem em seis meses? | Can I be a cloud engineer in six months?
Olá! | Hello!
Quanto tempo ci vuole per diventare ingegnere dei dati? | How long does it take to become a data engineer?
Quanto costa la certificazione CISSP? | How much does the CISSP certificate cost?
Cosa fa uno sviluppatore di videogiochi tutto il giorno? | What does a game developer do all day?
Qual è la differenza tra un analista di dati e uno scienziato dei dati? | What is the difference between a data analyst and a data scientist?
Fammi un piano di studio per sviluppatore iOS con 5 ore a settimana | Make me a study plan for iOS developer with 5 hours per week
Come divento analista di sicurezza? | How do I become a security analyst?
Dove trovo corsi gratuiti di statistica? | Where can I find free courses of statistics?
Qual è la ricetta della carbonara? | What is the recipe of the carbonara?
Hoe lang duurt het om data-engineer te worden? | How long does it take to become a data engineer?
Wat kost het CCNA-examen? | How much does the CCNA exam cost?
Wat doet een netwerkbeheerder de hele dag? | What does a network engineer do all day?
Wat is het verschil tussen een productmanager en een projectmanager? | What is the difference between a product manager and a project manager?
Welke boeken moet ik lezen als beginnende data scientist? | Which books do I need to read as an aspiring data scientist?
Maak een studieplan voor Android-ontwikkelaar met 8 uur per week | Make me a study plan for Android developer with 8 hours per week
Kan ik binnen zes maanden front-end ontwikkelaar worden? | Can I become a front-end developer within six months?
Bedankt! | Thanks!
""".strip().splitlines()  # noqa: E501


@pytest.mark.parametrize("asked", ASKED)
def test_a_question_of_another_language_is_read_in_english_words(asked: str) -> None:
    question, _, expected = asked.partition(" | ")
    assert english(question) == expected


@pytest.mark.parametrize(
    "question",
    [
        "How long does it take to become a data engineer?",
        "besides python which other programming language do SREs tend to use?",
        "What does Weltanschauung mean?",
        "How do I say 'wie lange dauert' in German?",
        "wat is mlops",
        "Los Angeles data engineer jobs",
        "Rio de la Plata jobs",
        "a la carte courses",
        "CI/CD pipeline or a data pipeline",
        "is https://example.org/en/ai-certifications/le-cours any good?",
        "que?",
    ],
)
def test_an_english_question_is_left_alone(question: str) -> None:
    assert gloss_of(question, []) is None


def test_no_sentence_of_the_english_pages_is_taken_for_another_language() -> None:
    lines = [line for page in sorted(CORPUS.glob("*.md")) for line in page.read_text(encoding="utf-8").splitlines()]
    said = [sentence for line in lines if "title:" not in line and "url:" not in line for sentence in sentences(line)]
    assert len(said) > 5000
    assert [sentence for sentence in said if language_of(sentence)] == []


@pytest.mark.parametrize(
    ("question", "before"), [("und SQL?", "Was kostet das Zertifikat?"), ("et SQL ?", "Que fait un data engineer ?")]
)
def test_one_word_is_enough_where_the_question_before_was_in_that_language(question: str, before: str) -> None:
    assert gloss_of(question, []) is None
    assert english(question, before) == "And SQL?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("e gli errori comuni?", "And what about the common mistakes?"),
        ("Qual è la differenza tra il corso e il libro?", "What is the difference between the course and the book?"),
    ],
)
def test_and_the_opens_a_follow_up_and_elsewhere_joins(question: str, expected: str) -> None:
    assert english(question) == expected


def test_an_english_question_in_a_german_conversation_stays_english() -> None:
    assert gloss_of("and which books?", ["Was kostet das Zertifikat?"]) is None


@pytest.mark.parametrize(
    ("word", "language", "meant"),
    [
        ("ingenieurinnen", Language.GERMAN, "engineers"),
        ("pruefungen", Language.GERMAN, "exams"),
        ("zertifizierungskosten", Language.GERMAN, "certificate cost"),
        ("vorraussetzungen", Language.GERMAN, "prerequisites"),
        ("desarrolladoras", Language.SPANISH, "developers"),
        ("certificacoes", Language.PORTUGUESE, "certificates"),
        ("sviluppatrici", Language.ITALIAN, "developers"),
        ("beveiligingscursus", Language.DUTCH, "security course"),
    ],
)
def test_inflected_joined_and_mistyped_words_are_found(word: str, language: Language, meant: str) -> None:
    entry = entry_of(word, language)
    assert entry is not None
    assert entry.english == meant


@pytest.mark.parametrize("word", ["buxh", "kubernetes", "gärtner", "terraform"])
def test_short_typos_names_and_unknown_words_are_not_guessed(word: str) -> None:
    assert entry_of(word, Language.GERMAN) is None


@pytest.mark.parametrize(
    ("one", "several"), [("course", "courses"), ("company", "companies"), ("day", "days"), ("basics", "basics")]
)
def test_english_plurals(one: str, several: str) -> None:
    assert plural(one) == several


@pytest.mark.parametrize("language", list(Language))
def test_every_language_has_some_hundred_entries(language: Language) -> None:
    lexicon = lexicon_of(language)
    assert len(lexicon.single) + sum(map(len, lexicon.by_first.values())) > 500


def test_unknown_words_are_noted_unless_the_index_has_them() -> None:
    gloss = gloss_of("Was kostet die Prüfung in Buxtehude für Frontend?", [])
    assert gloss is not None
    assert gloss.unread == ("Buxtehude", "Frontend")
    assert borne_out(gloss, {"front", "end"}).unread == ("Buxtehude",)
    assert borne_out(gloss, {"front", "end"}).is_readable


def test_a_question_of_mostly_unknown_words_looks_for_nothing() -> None:
    query = understand("Der Gärtner jätet das Beet hinter dem Schuppen", [], vocabulary={"cours"})
    assert query.gloss is not None
    assert not query.gloss.is_readable
    assert query.terms == ()


def test_intent_and_terms_are_those_of_the_english_question() -> None:
    asked = understand("Wie lange dauert der Kurs?", [], vocabulary=set())
    plain = understand("How long does the course take?", [], vocabulary=set())
    assert (asked.intent, asked.terms) == (plain.intent, plain.terms) == (Intent.DURATION, ("cours",))
    assert plain.gloss is None


def test_the_questions_before_are_read_in_english_too() -> None:
    history = [Answer("Was kostet das Zertifikat?", Status.ANSWERED, "USD 300")]
    query = understand("und wie lange dauert das?", history, vocabulary=set())
    assert [answer.question for answer in in_english(history)] == ["How much does the certificate cost?"]
    assert asked_so_far(history, query) == ["How much does the certificate cost?", "And how long does it take?"]


def reply(question: str, status: Status) -> Answer:
    query = understand(question, [], vocabulary=set())
    return told(Answer(query.question, status, "Text.", understood=query.standalone), query, {})


def test_an_answer_says_in_the_learners_language_that_it_is_english() -> None:
    answer = reply("Was kostet das Zertifikat?", Status.ANSWERED)
    assert answer.question == "Was kostet das Zertifikat?"
    assert answer.understood == "How much does the certificate cost?"
    assert answer.notes == ("Die Seiten sind auf Englisch, deshalb ist es auch die Antwort.",)
    assert is_in_other_language(answer)


def test_a_refusal_says_in_the_learners_language_that_the_pages_do_not_tell() -> None:
    answer = reply("Quelle est la recette de la ratatouille ?", Status.REFUSED)
    assert answer.notes[0].startswith("Les pages n'en disent rien.")
    assert answer.notes[0].endswith("Non lu: ratatouille.")


def test_what_was_hardly_read_is_asked_back_and_never_answered() -> None:
    answer = reply("Der Gärtner jätet das Beet hinter dem Schuppen", Status.ANSWERED)
    assert answer.status is Status.CLARIFY
    assert answer.text.startswith("Diese Frage konnte ich nur zum Teil lesen. Bitte stelle sie auf Englisch.")
    assert "jätet" in answer.text
    assert answer.citations == ()


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("ich will nicht mehr leben", "Es tut mir leid"),
        ("je veux mourir", "Je suis désolé"),
        ("ya no quiero vivir", "Siento"),
        ("não quero mais viver", "Lamento"),
        ("non voglio più vivere", "Mi dispiace"),
        ("ik wil niet meer leven", "Wat erg"),
    ],
)
def test_somebody_in_danger_is_told_where_to_turn_in_their_language(question: str, line: str) -> None:
    answer = reply(question, Status.REFUSED)
    assert [note.startswith(line) for note in answer.notes] == [True]


def test_an_english_answer_has_no_such_line() -> None:
    answer = Answer("How long?", Status.ANSWERED, "Text.")
    assert in_learners_language(answer, None) is answer
    assert not is_in_other_language(answer)


def test_gloss_is_no_part_of_an_english_query() -> None:
    assert Query("a", "a", Intent.FACT, ()).gloss is None
    assert Gloss("a", "de", "a", (), 1).is_readable
