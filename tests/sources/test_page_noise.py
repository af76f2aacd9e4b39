"""What changes by itself on a followed page, in the words of many sites and languages, and what doesn't."""

import pytest

from tests.sources.test_page import SENTENCES, text_of
from watchers.policy.redline import text_hash

CLOCKS_AND_COUNTERS = """
This page was built in 0.04 s ~ This page was built in 0.09 s
Rendered by node app-7d9f in 34 ms ~ Rendered by node app-11ab in 61 ms
Time to render: 0.12 sec ~ Time to render: 0.31 sec
Seite erstellt in 0,12 Sekunden ~ Seite erstellt in 0,44 Sekunden
Page générée en 0,231 secondes ~ Page générée en 0,9 secondes
Página generada en 0,4 segundos ~ Página generada en 0,7 segundos
Letzte Änderung: 12.03.2026 ~ Letzte Änderung: 13.03.2026
Stand: 12. März 2026 ~ Stand: 13. März 2026
Mis à jour le 12 mars 2026 à 14h30 ~ Mis à jour le 13 mars 2026 à 09h10
Page mise à jour le 3 avril 2026 ~ Page mise à jour le 1er mai 2026
Actualizado el 12 de marzo de 2026 ~ Actualizado el 2 de mayo de 2026
Fecha de actualización: 12/03/2026 ~ Fecha de actualización: 14/03/2026
Ultimo aggiornamento: 12 marzo 2026 ~ Ultimo aggiornamento: 13 aprile 2026
Laatst bijgewerkt op 12 maart 2026 ~ Laatst bijgewerkt op 13 mei 2026
Última atualização em 12 de março de 2026 ~ Última atualização em 13 de maio de 2026
Ostatnia aktualizacja: 12 marca 2026 ~ Ostatnia aktualizacja: 13 maja 2026
Senast uppdaterad 12 mars 2026 ~ Senast uppdaterad 13 maj 2026
Page last modified: 12-Mar-2026 14:02 ~ Page last modified: 13-Mar-2026 09:11
Content last reviewed March 2026 ~ Content last reviewed April 2026
Date last updated: Thursday, March 12, 2026 ~ Date last updated: Friday, March 13, 2026
Accessed on 12 March 2026 ~ Accessed on 13 March 2026
Heute ist Donnerstag, der 12. März 2026 ~ Heute ist Freitag, der 13. März 2026
jeudi 12 mars 2026 ~ vendredi 13 mars 2026
jueves, 12 de marzo de 2026 ~ viernes, 13 de marzo de 2026
Donnerstag, 12. März 2026, 14:02 Uhr ~ Freitag, 13. März 2026, 09:10 Uhr
Aufrufe: 5.412 ~ Aufrufe: 5.498
5 412 vues ~ 5 498 vues
5.412 visualizaciones ~ 5.498 visualizaciones
Visite: 5412 ~ Visite: 5498
Bereits 5.412 mal gelesen ~ Bereits 5.498 mal gelesen
Diese Seite wurde 5412 Mal aufgerufen. ~ Diese Seite wurde 5498 Mal aufgerufen.
Cette page a été vue 5 412 fois ~ Cette page a été vue 5 498 fois
This article has been read 5,412 times ~ This article has been read 5,498 times
Read 5,412 times ~ Read 5,498 times
Hits: 5412 ~ Hits: 5498
Page views: 5,412 | Today: 12 ~ Page views: 5,498 | Today: 31
Seen by 5.4K people ~ Seen by 5.5K people
1,204 followers ~ 1,209 followers
There are currently 14 guests online ~ There are currently 19 guests online
14 guests and 2 members online ~ 19 guests and 1 member online
Derzeit 14 Besucher online ~ Derzeit 22 Besucher online
23 of 31 people found this helpful ~ 24 of 33 people found this helpful
Helpful? Yes 23 No 4 ~ Helpful? Yes 24 No 4
Average rating: 4.2 out of 5 based on 87 ratings ~ Average rating: 4.3 out of 5 based on 91 ratings
87 people like this ~ 91 people like this
Retweets 14 Likes 87 ~ Retweets 15 Likes 91
PDF downloads: 1,204 ~ PDF downloads: 1,233
Heruntergeladen: 1204 mal ~ Heruntergeladen: 1233 mal
Served from cache at 2026-03-12T09:00:11Z ~ Served from cache at 2026-03-13T11:20:41Z
Cache key: a9f3e1 expires in 299 seconds ~ Cache key: 77bc01 expires in 120 seconds
Host: web12.prod ~ Host: web03.prod
Instance i-0ab12cd34ef ~ Instance i-9ff12cd00ab
Trace ID 00-4bf92f3577b34da6a3ce929d0e0e4736-00 ~ Trace ID 00-1bf92f3577b34da6a3ce929d0e0e4711-00
Correlation-ID: 3f2e-77aa ~ Correlation-ID: 91be-02cd
Your IP: 203.0.113.7 ~ Your IP: 198.51.100.20
Site build v2026.03.12-4 ~ Site build v2026.03.13-1
© 2019-2025 Harbour Authority ~ © 2019-2026 Harbour Authority
© Stadt Musterstadt 2025 ~ © Stadt Musterstadt 2026
Copyright © 2025. Alle Rechte vorbehalten. ~ Copyright © 2026. Alle Rechte vorbehalten.
Next update in 04:59 ~ Next update in 01:12
Auto-refresh in 30 s ~ Auto-refresh in 12 s
Local time in Harbour: 14:02 ~ Local time in Harbour: 09:10
vor 3 Stunden aktualisiert ~ vor 5 Stunden aktualisiert
Il y a 3 heures ~ Il y a 5 heures
Hace 3 horas ~ Hace 2 días
Visitors today: 14 | yesterday: 87 | total: 99,120 ~ Visitors today: 22 | yesterday: 91 | total: 99,201
Time: 14:02:11 ~ Time: 14:09:41
This document was printed on 12/03/2026 at 14:02 ~ This document was printed on 13/03/2026 at 09:02
Abgerufen am 12.03.2026 um 14:02 Uhr ~ Abgerufen am 13.03.2026 um 09:10 Uhr
Consulté le 12 mars 2026 ~ Consulté le 13 mars 2026
Impreso el 12/03/2026 ~ Impreso el 13/03/2026
Letzter Zugriff: 12.03.2026 ~ Letzter Zugriff: 13.03.2026
Visitantes online: 14 ~ Visitantes online: 22
Gefällt 87 Personen ~ Gefällt 91 Personen
Partagé 87 fois ~ Partagé 91 fois
3 Kommentare ~ 5 Kommentare
Commentaires (3) ~ Commentaires (5)
Document generated: 03/12/2026 ~ Document generated: 03/13/2026
Page loaded in 1.2s ~ Page loaded in 0.8s
Viewed by 5,412 residents ~ Viewed by 5,498 residents
Views (all time): 5,412 ~ Views (all time): 5,498
Downloads: 12 | Views: 99 ~ Downloads: 13 | Views: 104
Seitenaufrufe: 5.412 ~ Seitenaufrufe: 5.498
Seite zuletzt geändert: Montag, 9. März 2026 ~ Seite zuletzt geändert: Dienstag, 10. März 2026
Dernière modification le 9 mars 2026 par webmestre ~ Dernière modification le 10 mars 2026 par webmestre
Vu 5412 fois ~ Vu 5498 fois
Lu par 5 412 personnes ~ Lu par 5 498 personnes
Nombre de visites : 5412 ~ Nombre de visites : 5498
Número de visitas: 5412 ~ Número de visitas: 5498
Sist oppdatert: 12. mars 2026 ~ Sist oppdatert: 13. mars 2026
Cached at 14:02 UTC ~ Cached at 09:10 UTC
Your session ID is 88fa-1c ~ Your session ID is 91bb-2d
Stand der Seite: 12.03.26 ~ Stand der Seite: 13.03.26
Site last refreshed Mar 12, 2026, 2:02 PM EDT ~ Site last refreshed Mar 13, 2026, 9:02 AM EDT
Data last refreshed 2 hours ago ~ Data last refreshed 5 minutes ago
Web page last revised on March 12, 2026 ~ Web page last revised on March 13, 2026
Total page hits: 0005412 ~ Total page hits: 0005498
★ 4.2 (87 reviews) ~ ★ 4.3 (91 reviews)
© Harbour Authority, 2010–2025 ~ © Harbour Authority, 2010–2026
Pageviews 5.4k ~ Pageviews 5.5k
Currently viewing: 14 ~ Currently viewing: 22
"""

TEXT = """
We hold 112 cameras. ~ We hold 119 cameras.
112 cameras ~ 119 cameras
Retained for 30 days ~ Retained for 60 days
Total searches: 5,412 ~ Total searches: 6,001
Visitors: 2 per inmate ~ Visitors: 3 per inmate
Shared with 14 agencies ~ Shared with 15 agencies
Number of visits: 4 per month ~ Number of visits: 2 per month
Open until 17:00 ~ Open until 18:00
Monday 9:00 - 17:00 ~ Monday 9:00 - 16:00
Effective: 1 March 2026 ~ Effective: 1 May 2026
In Kraft getreten am 1. März 2026 ~ In Kraft getreten am 1. Mai 2026
Gültig ab 1. März 2026 ~ Gültig ab 1. Mai 2026
Entrée en vigueur : 1er mars 2026 ~ Entrée en vigueur : 1er mai 2026
Vigente desde el 1 de marzo de 2026 ~ Vigente desde el 1 de mayo de 2026
Valid until 31 December 2026 ~ Valid until 31 December 2027
Approved by the Board on 3 March 2026 ~ Approved by the Board on 9 March 2026
Next review: March 2027 ~ Next review: March 2029
Hearing: Monday, March 9, 2026 at 10:00 ~ Hearing: Monday, March 16, 2026 at 10:00
Rating: High ~ Rating: Low
Threat level: 3 ~ Threat level: 4
Temperature of evidence rooms: 20 °C ~ Temperature of evidence rooms: 25 °C
Copyright fees: $20 ~ Copyright fees: $25
Session limit: 30 minutes ~ Session limit: 60 minutes
Version 3.1 ~ Version 3.2
Build 12 new cameras ~ Build 15 new cameras
Cookies are kept for 30 days. ~ Cookies are kept for 90 days.
Today 112 cameras run. ~ Today 119 cameras run.
Current fee: $12 ~ Current fee: $15
Comments due: March 1, 2026 ~ Comments due: April 1, 2026
Published rate: 12% ~ Published rate: 14%
Viewing rooms: 12 ~ Viewing rooms: 14
ALPR reads: 1,204 plates per day ~ ALPR reads: 1,500 plates per day
Last updated: officers may now fly drones ~ Last updated: officers may not fly drones
Speicherfrist: 30 Tage ~ Speicherfrist: 60 Tage
Durée de conservation : 30 jours ~ Durée de conservation : 60 jours
Plazo: 30 días ~ Plazo: 60 días
Members online safety course: 14 hours ~ Members online safety course: 22 hours
Server error reports: 14 days ~ Server error reports: 7 days
5 officers found this unlawful ~ 7 officers found this unlawful
Report a download of images within 12 hours ~ Report a download of images within 24 hours
Host: Sergeant Ana Brenn ~ Host: Sergeant Lou Carter
Tuesday, 10 March 2026: public hearing ~ Tuesday, 17 March 2026: public hearing
Shares: 5 % of revenue ~ Shares: 9 % of revenue
Weather cameras: 12 ~ Weather cameras: 14
Posted limit 30 km/h ~ Posted limit 50 km/h
The board last met on 12 March 2026 ~ The board last met on 19 March 2026
Erased after 5 minutes ~ Erased after 50 minutes
Updated fee: 12 EUR ~ Updated fee: 15 EUR
9:00-17:00 ~ 9:00-15:00
People on the watch list: 412 ~ People on the watch list: 512
Footage viewed: 30 days ~ Footage viewed: 60 days
Cameras online: 112 ~ Cameras online: 119
Users: 14 ~ Users: 22
Visiting hours: 9:00 - 11:00 ~ Visiting hours: 9:00 - 12:00
Date: Monday, March 9, 2026 ~ Date: Monday, March 16, 2026
Time: 10:00 AM ~ Time: 11:00 AM
Visits: 30 minutes ~ Visits: 60 minutes
Effective as of 1 March 2026 ~ Effective as of 1 May 2026
Stand der Technik: 12 Kameras ~ Stand der Technik: 14 Kameras
Last amended by Ordinance 12 ~ Last amended by Ordinance 14
Reviewed every 12 months ~ Reviewed every 24 months
Local storage: 30 days ~ Local storage: 60 days
Current term: 2024-2026 ~ Current term: 2024-2028
Server location: Germany ~ Server location: Ireland
Published annually by 1 March ~ Published annually by 1 May
Read access: 12 officers ~ Read access: 14 officers
Download of footage: 12 requests ~ Download of footage: 14 requests
Number of cameras: 112 ~ Number of cameras: 119
Nombre de caméras : 112 ~ Nombre de caméras : 119
Total: 112 ~ Total: 119
2025: 112 | 2026: 98 ~ 2025: 112 | 2026: 99
Updated weekly ~ Updated monthly
Comments must be filed by March 1, 2026 ~ Comments must be filed by April 1, 2026
Case 12/2026 ~ Case 14/2026
- 30 ~ - 60
12 March 2026 ~ 19 March 2026
Revised March 12, 2026 ~ Revised April 12, 2026
Ref: 2026-12 ~ Ref: 2026-14
"""


def pairs(block: str) -> list[list[str]]:
    return [line.split(" ~ ") for line in block.strip().splitlines()]


def page(inside: str, *, mid: str = "") -> str:
    return f"<main><h1>Camera policy</h1>{SENTENCES}{mid}<p>No camera looks into homes.</p>{inside}</main>"


@pytest.mark.parametrize(("one", "other"), pairs(CLOCKS_AND_COUNTERS))
def test_hard_case_67_a_clock_or_a_counter_in_any_wording_is_no_text(one: str, other: str) -> None:
    assert text_of(page(f"<p>{one}</p>")) == text_of(page(f"<p>{other}</p>"))


@pytest.mark.parametrize(("one", "other"), pairs(TEXT))
def test_what_is_counted_or_dated_besides_the_page_is_its_text(one: str, other: str) -> None:
    assert text_of(page(f"<p>{one}</p>")) != text_of(page(f"<p>{other}</p>"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Monday", "9:00"), ("Monday", "10:00")),
        (("Visits", "112"), ("Visits", "119")),
        (("Views", "1"), ("Views", "2")),
    ],
)
def test_what_a_table_tells_is_text(one: tuple[str, str], other: tuple[str, str]) -> None:
    rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in (one, other))
    tables = [f"<table><tr>{row}</tr></table>" for row in rows]
    assert text_of(page(tables[0])) != text_of(page(tables[1]))


def test_a_date_of_update_that_comes_with_a_change_of_the_text_leaves_the_change() -> None:
    one = "<p>Last updated: 1 May 2031</p><p>Kept 30 days.</p>"
    other = "<p>Last updated: 2 May 2031</p><p>Kept 90 days.</p>"
    assert text_of(page(one)) != text_of(page(other))


def test_typographic_marks_are_no_change() -> None:
    one, other = "The board’s “own” rule – see 4‑6…", 'The board\'s "own" rule - see 4-6...'
    assert text_hash(one) == text_hash(other)
