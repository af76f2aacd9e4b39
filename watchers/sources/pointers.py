"""Titles of boxes that point elsewhere on the site: “Related articles”, “Mehr zum Thema”, “À lire aussi”.

    title → is it one      elements under it → do they name documents

A title is one if all its words are of this kind: “Recent posts” is, “Recent changes” and “Latest version” are not.
"""

import re
from collections.abc import Iterable
from typing import Final

from watchers.sources.elements import Element, shown

_WORD: Final = re.compile(r"[^\W\d_]+")

_POINTING_WORDS: Final = """
    new upcoming neu updates related similar recommended recommendations popular trending latest recent featured top
    more other also next news newsroom stories story posts headlines events blog picks miss explore discover
    interested interest articles topics reading read viewed share follow suggested mehr weitere weiteres
    ähnliche ähnlich verwandte aktuelle aktuelles neueste neues neuigkeiten meistgelesen beliebt beliebte
    nachrichten meldungen beiträge artikel interessieren empfehlungen lesen teilen lire aussi liés liées
    actualités actualité similaires populaires récents derniers dernières sujet partager suggestions noticias
    relacionadas relacionados más similares recientes populares últimas últimos destacadas destacados interesar
    interesarte compartir leer también correlati correlate notizie altre altri simili recenti popolari leggi
    anche condividi ook meer gerelateerd gerelateerde nieuws laatste populair lees delen verwant notícias leia
    veja relacionado mais artigos compartilhar
"""
_BESIDE_WORDS: Final = """
    a about all an and around be content don editor editors for from happening here how i in it keep like links
    make may might most much must now of on or our out page pages s section see site t that the these this to up
    us we website what you your zum thema das die der könnte sie auch von aus dem auf dieser seite und bei im à
    le la les sur même ce ces du de des dans et voir plus vous pourriez aimer que te puede su del en el este
    esta sitio lo y otras otros questo sito di dal potrebbe interessarti vedi over dit onderwerp bekijk van het
    op deze também sobre o e contenido contenidos contenus inhalte contenuti articoli artículos entradas
"""
# “More in Policing”, “More from the Harbour Post”: the rest is a name.
_MORE_OF: Final = re.compile(r"more (?:from|on|in|like)\b.{0,40}|follow us.{0,30}", re.IGNORECASE)
_DOCUMENTS: Final = re.compile(
    r"\b(?:laws?|acts?|legislation|statutes?|codes?|ordinances?|orders?|regulations?|polic(?:y|ies)|directives?|rules?"
    r"|procedures?|manuals?|guidelines?|guidance|forms?|documents?|reports?|sections?|cases?|decisions?|judge?ments?"
    r"|resolutions?|bills?|standards?|agreements?|contracts?|minutes|agendas?|audits?|notices?|terms|hearings?|meetings?"
    r"|\w*gesetze?n?|\w*verordnung(?:en)?|\w*vorschrift(?:en)?|\w*richtlinien?|satzung(?:en)?|erlasse?|berichte?"
    r"|formulare?|lois?|décrets?|arrêtés?|règlements?|rapports?|formulaires?|ley(?:es)?|decretos?|reglamentos?|normas?"
    r"|normativa|informes?|formularios?|legg[ei]|regolament[oi]|relazion[ei]|wet(?:ten)?|besluit(?:en)?|regeling(?:en)?"
    r"|verslag(?:en)?)\b|§",
    re.IGNORECASE,
)
_FILE: Final = re.compile(r"\.(?:pdf|docx?|odt|rtf|xlsx?|csv)\b", re.IGNORECASE)
_POINTING: Final = frozenset(_POINTING_WORDS.split())
_BESIDE: Final = frozenset(_BESIDE_WORDS.split()) | _POINTING


def is_pointing(title: str) -> bool:
    """Whether a title says that links to other pages of the site follow."""
    if _MORE_OF.fullmatch(title):
        return True
    words = set(_WORD.findall(title.casefold()))
    return bool(words & _POINTING) and words <= _BESIDE


def names_documents(elements: Iterable[Element]) -> bool:
    """Whether at least half of the links in them are to laws, orders, reports and the like."""
    links = [link for element in elements for link in element.iter("a")]
    named = sum(bool(_DOCUMENTS.search(shown(link)) or _FILE.search(link.get("href") or "")) for link in links)
    return named * 2 >= len(links) > 0
