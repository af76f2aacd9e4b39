"""Lines of a page that differ at every look: clocks, counters, who served it. They are no text of it.

    "Zuletzt aktualisiert am 3. Mai" → True      "Effective 3 May", "112 cameras", "Kept 30 days" → False

A line is one of these if it has a cue (a moment beside “updated”, a number beside “views”, a code beside “request id”)
and no word of another matter: what is counted or dated besides the page and its visitors is its text. The words are
those of English, German, French, Spanish, Italian, Portuguese and Dutch, and some of Polish and the Nordic languages.
"""

import re
from typing import Final

_LONGEST: Final = 15  # words: longer lines are sentences
_LONGEST_LINE: Final = 300  # code points
_PLACE: Final = 1  # words: the town of a clock or of the weather, the owner of a website

_MONTH_WORDS: Final = """
    jan feb mar apr may jun jul aug sep sept oct nov dec january february march april june july august september
    october november december januar jänner februar märz mai juni juli oktober dezember dez okt janvier février
    mars avril juin juillet août septembre octobre novembre décembre enero febrero marzo abril mayo junio julio
    agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno luglio settembre ottobre
    dicembre janeiro fevereiro março maio junho julho setembro outubro dezembro januari februari maart mei
    augustus maj stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada
    grudnia
"""
_DAY_WORDS: Final = """
    mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday montag
    dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi
    dimanche lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì
    sabato domenica segunda terça quarta quinta sexta feira maandag dinsdag woensdag donderdag vrijdag zaterdag
    zondag
"""
# What is said of the time at which a page was made, changed or looked at.
_MADE_WORDS: Final = """
    web content update updates updated modified reviewed generated rendered retrieved accessed loaded served
    printed refreshed today now current currently local server timestamp posted published created changed
    checked cached saved edited built aktualisiert aktualisierung geändert änderung bearbeitet stand abgerufen
    gedruckt zugriff heute erstellt generiert veröffentlicht jour modifié modifiée modification consulté
    consultée imprimé imprimée généré générée publié publiée actualizado actualizada actualización modificado
    modificada modificación consultado impreso impresa generado generada publicado publicada hoy aggiornato
    aggiornata aggiornamento modificato modifica stampato generato generata pubblicato oggi atualizado
    atualizada atualização hoje bijgewerkt gewijzigd geprint afgedrukt vandaag aktualizacja zaktualizowano
    uppdaterad uppdaterades opdateret oppdatert päivitetty
"""
# What a page's visitors do, and are counted by.
_AUDIENCE_WORDS: Final = """
    seitenaufrufe seitenansichten paginaweergaven view views viewed read reads visit visits visited visitor
    visitors hit hits download downloads downloaded follower followers share shares shared like likes liked
    comment comments tweet tweets retweet retweets bookmark bookmarks pageviews rating ratings seen besucher
    aufruf aufrufe aufgerufen zugriffe klicks gelesen angesehen heruntergeladen kommentar kommentare geteilt
    consulté consultée vue vues vu visite visites visiteurs lu lue lectures téléchargé téléchargements partage
    partages partagé commentaire commentaires abonnés visita visitas visitantes visualizaciones vistas visto
    leído lecturas descarga descargas descargado comentario comentarios seguidores compartido visualizzazioni
    visitatori letture commenti condivisioni scaricato visualizações acessos leituras weergaven bezoekers
    bekeken gelezen reacties bezoeken odsłon visningar
"""
_PRESENT_WORDS: Final = "online browsing viewing reading helpful useful hilfreich gefällt utile útil nuttig"
_MAKING_WORDS: Final = """
    built generated rendered render loaded load processed executed execution took refresh refreshes reload
    update erstellt generiert geladen générée généré chargée generada generado cargada generata caricata
    gegenereerd
"""
_CODE_WORDS: Final = """
    request session ray trace correlation incident reference visitor build nonce token id key hash server served
    host node instance pod backend rendered ip
"""
_WEATHER_WORDS: Final = """
    weather currently now cloudy cloud sunny sun rain rainy clear snow overcast fog foggy fair mostly partly
    wind wetter bewölkt sonnig regen météo nuageux soleil pluie tiempo nublado soleado lluvia meteo
"""
# Words beside those that say of nothing else.
_BESIDE_WORDS: Final = """
    residents citizens nombre número numéro anzahl numero aantal all webmaster webmestre webadmin admin revised
    reviews día días semana semanas mes meses año años semaine semaines mois an ans woche wochen monat monaten
    jahr jahren tage average durchschnitt moyenne hace a about ago and are as at been by content copy cache
    daily date from found has have here hour hours in is it just last latest local minute minutes mins min ms
    next number of on only or out page pages pdf people person persons ref s sec secs second seconds since site
    so somebody somewhat that the there this times time to took total up users user members member guests guest
    readers version was website were will yesterday yes no you your auto automatic address ip am pm utc gmt est
    edt cst cdt mst mdt pst pdt cet cest bst z t h o clock st nd rd th er v based votes vote article document
    week month year day days weeks months years expires expire confirmation k m x auf bereits bisher der das den
    des diese dieser dieses derzeit ein gesamt gestern im insgesamt ist letzte letzter letzten mal nur personen
    seite sekunden seit stunden stunde minuten tagen tag uhr um und von vor wurde zuletzt zeit à au aujourd hui
    cette ce de dernière dernier du en et fois été heure heures il jours la le les mis mise par personnes
    secondes sur vous y al ayer con del el es esta este fecha ha hora horas las los minutos personas página por
    segundos sido sitio son última último un una veces vez visto di da data è ore pagina persone questa questo
    secondi sito stata stato ultima ultimo volte às em foi os pessoas vezes aan deze het keer laatst laatste op
    seconden te uur van ostatnia senast sidst sist
"""

_WORD: Final = re.compile(r"[^\W\d_]+")
_DATE: Final = re.compile(r"\b\d{1,4}[-/.]\s?(?:\d{1,2}|[a-z]{3})[-/.]\s?\d{2,4}(?:t\d{1,2}:\d\d\S*)?", re.IGNORECASE)
_TIME: Final = re.compile(r"\b\d{1,2}(?::\d\d){1,2}(?:\.\d+)?\b|\b\d{1,2}h\d\d\b|\b\d{1,2}\s?[ap]\.?m\b", re.IGNORECASE)
_SPAN: Final = re.compile(
    r"(?:\d[:h.]\d\d|\d)\s*(?:[ap]\.?m\.?|uhr)?\s*(?:-|–|to|until|till|bis|à|a|alle|às|tot)\s*"
    r"\d{1,2}(?:[:h.]\d\d|\s*[ap]\.?m)",
    re.IGNORECASE,
)
_NUMBER: Final = r"\d[\d.,'’\s]*[km]?\b"
_COUNTED: Final = re.compile(
    rf"\b{_NUMBER}\W{{0,3}}(?:(?:page|mal|times|fois|veces|volte|keer|vezes|people)\s)?(?:%(audience)s)\b"
    rf"|\b(?:%(audience)s)\b[^\d|]{{0,15}}(?:since\s\d{{4}}\W{{0,3}})?{_NUMBER}"
    % {"audience": "|".join(_AUDIENCE_WORDS.split())},
    re.IGNORECASE,
)
# “Visits: 30 minutes”, “Shares: 5 %”: a rule, no count.
_MEASURE: Final = re.compile(
    r"[%$€£]|\d\s*(?:days?|weeks?|months?|years?|hours?|minutes?|min\b|tage?|wochen?|monate?|jahre?|stunden?|jours?|mois|ans"
    r"|heures?|días?|meses|años?|horas?|giorni|mesi|anni|ore|dias|dagen|weken|maanden|uren)\b(?!\s+(?:ago|read))",
    re.IGNORECASE,
)
_SECONDS: Final = re.compile(r"\d:\d\d:\d\d")
_RATED: Final = re.compile(r"\d\s*(?:/|out of|von|sur|de)\s*(?:5|10|100)\b|★", re.IGNORECASE)
_RELATIVE: Final = re.compile(
    r"\b(?:an?|\d+)\s+(?:sec(?:ond)?|min(?:ute)?|h(?:ou)?r|day|week|month|year)s?\s+ago\b|\bjust now\b"
    r"|\b\d+\s*min(?:ute)?s?\s+read\b"
    r"|\bvor\s+\w+\s+(?:sekunden?|minuten?|stunden?|tag(?:en)?|wochen?|monat(?:en)?|jahr(?:en)?)\b"
    r"|\bil y a\s+\w+\s+(?:secondes?|minutes?|heures?|jours?|semaines?|mois|ans?)\b"
    r"|\bhace\s+\w+\s+(?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)\b",
    re.IGNORECASE,
)
_DURATION: Final = re.compile(
    r"\d\s*(?:ms|s|secs?|seconds?|milliseconds?|sekunden?|secondes?|segundos?|secondi|seconden)\b|\b\d\d?:\d\d\b",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=[\w.:-]*\d)(?=[\w.:-]*(?:[a-z]|\d[.:-]\d))\w[\w.:-]{2,}\w\b",
    re.IGNORECASE,
)
_HEXADECIMAL: Final = re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{16,}\b", re.IGNORECASE)
_DEGREES: Final = re.compile(r"\d\s*°\s*[cf]?\b", re.IGNORECASE)
_COPYRIGHT: Final = re.compile(
    r"(?:.*(?:©|\(c\))|copyright\b).{0,12}?\b(?:19|20)\d\d\b.*|.*©.*\b(?:19|20)\d\d", re.IGNORECASE
)


def _words(*lists: str) -> frozenset[str]:
    return frozenset(" ".join(lists).split())


_MONTHS: Final = _words(_MONTH_WORDS)
_DAYS: Final = _words(_DAY_WORDS)
_DAY_BEGINNINGS: Final = tuple(_DAYS)
_MADE: Final = _words(_MADE_WORDS)
_AUDIENCE: Final = _words(_AUDIENCE_WORDS)
_PRESENT: Final = _words(_PRESENT_WORDS)
_MAKING: Final = _words(_MAKING_WORDS)
_CODES: Final = _words(_CODE_WORDS)
_WEATHER: Final = _words(_WEATHER_WORDS)
_OF_THE_PAGE: Final = _words(
    *(
        _MONTH_WORDS,
        _DAY_WORDS,
        _MADE_WORDS,
        _AUDIENCE_WORDS,
        _PRESENT_WORDS,
        _MAKING_WORDS,
        _CODE_WORDS,
        _WEATHER_WORDS,
    ),
    _BESIDE_WORDS,
)
_PLACED: Final = frozenset(("local", "weather", "wetter", "météo", "website", "currently"))


def changes_by_itself(paragraph: str, *, is_row: bool = False) -> bool:
    """Whether it is a clock, a counter, a code drawn for this answer, and nothing more.

    What a table counts or dates (`is_row`) is its content, unless it says that the page was made then.
    """
    line = paragraph.strip("- |")
    if len(line) > _LONGEST_LINE or len(line.split()) > _LONGEST:
        return False
    if _COPYRIGHT.fullmatch(line):
        return True  # whatever the holder's name, the year turns by itself
    folded = line.casefold()
    words = set(_WORD.findall(folded))
    if (words & _CODES and _is_code(folded)) or _is_only(_HEXADECIMAL, folded):
        return True
    others = _others(_DEGREES.sub(" ", folded))
    if len(others) > (_PLACE if words & _PLACED else 0) or (is_row and not words & _MADE):
        return False
    return (
        _is_clock(folded, words)
        or _RELATIVE.search(folded) is not None
        or (not others and _is_count(folded, words))
        or (bool(words & _WEATHER) and _DEGREES.search(folded) is not None)
    )


def _others(line: str) -> list[str]:
    """The words of another matter than the page itself."""
    return [word for word in _WORD.findall(line) if word not in _OF_THE_PAGE]


def _is_clock(line: str, words: set[str]) -> bool:
    """A moment at which the page was made or seen. Opening hours are none, nor the day and hour of an event."""
    if words & _MAKING and _DURATION.search(line):
        return True
    has_date = _DATE.search(line) is not None or (bool(words & _MONTHS) and re.search(r"\d", line) is not None)
    if _SPAN.search(line) and not words & _MADE:
        return False
    if has_date:
        return bool(words & _MADE) or line.startswith(_DAY_BEGINNINGS)
    return _TIME.search(line) is not None and (not words or bool(words & _MADE) or _SECONDS.search(line) is not None)


def _is_count(line: str, words: set[str]) -> bool:
    if _MEASURE.search(line):
        return False
    return (
        (bool(words & _AUDIENCE) and _COUNTED.search(line) is not None)
        or (bool(words & _PRESENT) and re.search(r"\d", line) is not None)
        or (("rating" in words or "★" in line) and _RATED.search(line) is not None)
    )


def _is_code(line: str) -> bool:
    """“Request ID: 7f3a-99c0”, “Served by web-03”, “Your IP: 203.0.113.7”: a code, and a word that says of what."""
    return _is_only(_CODE, line)


def _is_only(code: re.Pattern[str], line: str) -> bool:
    rest = code.sub(" ", line)
    return rest != line and not _others(rest)
