"""What a reply to a question in another language adds, in that language: that the pages are English, or that the
question could not be read.

The only sentences the program speaks that are not English. Knows nothing of how a question is read.
"""

from dataclasses import dataclass, replace
from types import MappingProxyType

from advisor.records import Answer, Gloss, Status
from advisor.search.gloss.lexicon import Language
from advisor.search.sensitive import Matter, matter_of


@dataclass(frozen=True, slots=True)
class _Lines:
    """The sentences of one language: `reply` with an answer, `none` with a refusal, `partly` in place of a guess."""

    reply: str
    none: str
    partly: str
    unread: str
    care: str  # to somebody whose life may be in danger


_LINES = MappingProxyType({
    Language.GERMAN: _Lines(
        "Die Seiten sind auf Englisch, deshalb ist es auch die Antwort.",
        "Dazu sagen die Seiten nichts. Sie sind auf Englisch, deshalb ist es auch diese Antwort.",
        "Diese Frage konnte ich nur zum Teil lesen. Bitte stelle sie auf Englisch.",
        "Nicht gelesen",
        "Es tut mir leid, dass es so schwer ist. Bitte ruf jetzt den Notruf oder ein Krisentelefon an, oder geh zu "
        "jemandem in deiner Nähe und sag es.",
    ),
    Language.FRENCH: _Lines(
        "Les pages sont en anglais, la réponse l'est donc aussi.",
        "Les pages n'en disent rien. Elles sont en anglais, cette réponse l'est donc aussi.",
        "Je n'ai pu lire cette question qu'en partie. Merci de la poser en anglais.",
        "Non lu",
        "Je suis désolé que ce soit si dur. Appelle maintenant les urgences ou une ligne d'écoute, ou va voir "
        "quelqu'un près de toi et dis-le.",
    ),
    Language.SPANISH: _Lines(
        "Las páginas están en inglés, por eso la respuesta también.",
        "Las páginas no dicen nada de esto. Están en inglés, por eso esta respuesta también.",
        "Solo he podido leer una parte de esta pregunta. Por favor, hazla en inglés.",
        "Sin leer",
        "Siento que sea tan difícil. Llama ahora a emergencias o a un teléfono de ayuda, o acude a alguien cercano y "
        "cuéntaselo.",
    ),
    Language.PORTUGUESE: _Lines(
        "As páginas estão em inglês, por isso a resposta também.",
        "As páginas não dizem nada sobre isso. Estão em inglês, por isso esta resposta também.",
        "Só consegui ler uma parte desta pergunta. Por favor, faça-a em inglês.",
        "Não lido",
        "Lamento que esteja tão difícil. Ligue agora para a emergência ou para uma linha de apoio, ou procure alguém "
        "perto de você e conte.",
    ),
    Language.ITALIAN: _Lines(
        "Le pagine sono in inglese, quindi lo è anche la risposta.",
        "Le pagine non ne parlano. Sono in inglese, quindi lo è anche questa risposta.",
        "Ho potuto leggere questa domanda solo in parte. Per favore, falla in inglese.",
        "Non letto",
        "Mi dispiace che sia così dura. Chiama subito il numero di emergenza o una linea di ascolto, oppure vai da "
        "qualcuno vicino a te e parlane.",
    ),
    Language.DUTCH: _Lines(
        "De pagina's zijn in het Engels, daarom is het antwoord dat ook.",
        "De pagina's zeggen hier niets over. Ze zijn in het Engels, daarom is dit antwoord dat ook.",
        "Ik kon deze vraag maar voor een deel lezen. Stel hem alsjeblieft in het Engels.",
        "Niet gelezen",
        "Wat erg dat het zo zwaar is. Bel nu het alarmnummer of een hulplijn, of ga naar iemand in je buurt en vertel "
        "het.",
    ),
})  # fmt: skip
_IN_ENGLISH = "I could only partly read this; please ask in English."


def in_learners_language(answer: Answer, gloss: Gloss | None) -> Answer:
    """The answer to the question as it was asked, with a line in its language; unchanged where that is English.

    Where too little of the question was read, the line takes the place of a question back.
    """
    if gloss is None:
        return answer
    lines = _LINES[Language(gloss.language)]
    left = f"{lines.unread}: {', '.join(gloss.unread)}." if gloss.unread else ""
    if not gloss.is_readable and answer.status is not Status.REFUSED:
        text = " ".join(filter(None, (lines.partly, left, f"({_IN_ENGLISH})")))
        return replace(
            answer, question=gloss.question, status=Status.CLARIFY, text=text, claims=(), citations=(), suggestions=()
        )
    if matter_of(gloss.english) is Matter.DANGER:
        return replace(answer, question=gloss.question, notes=(*answer.notes, lines.care))
    line = lines.none if answer.status is Status.REFUSED else lines.reply
    note = " ".join(filter(None, (line, left)))
    return replace(answer, question=gloss.question, notes=(*answer.notes, note))


def is_in_other_language(answer: Answer) -> bool:
    """Whether the answer is to a question that was read in another language."""
    openings = tuple(line for lines in _LINES.values() for line in (lines.reply, lines.none))
    return any(note.startswith(openings) for note in answer.notes)
