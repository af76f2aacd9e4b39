"""Sentences that belong to the page, not to the story: never told in a summary.

Newsletters, updates, credits, bylines, links to other stories, calls to share or subscribe. Recognised by how they
begin, so that a story about newsletters keeps its sentences.
"""

import re
from typing import Final

_BEGINNINGS: Final = re.compile(
    r"""
    # calls to the reader
    (sign|signing)\ up\ (for|to|here|now|today|below)\b | subscribe\b
    | (get|receive)\ (the\ |our\ |your\ )?(latest|breaking|daily|top|best|news|morning|more\ (news|stories))\b
    | (read|see|find|learn|hear|watch)\ (more|next|also|the\ full|our|on|here)\b.{0,20}?(:|»|→|\b(here|at|on|about)\b|$)
    | continue\ reading | keep\ reading | skip\ to | jump\ to | back\ to\ top | (click|tap)\ (here|to|on)\b
    | (share|tweet|print|email|save)\ (this|on)\b | (loading|read)\ more\b
    | follow\ (us|me|him|her|them|our|@|\w+\ \w+\ on)\b | (like|join|find|contact|email|reach|call|text|write)\ us\b
    | (join|support)\ (the\ conversation|our|local|independent|quality)\b | become\ a\ (member|subscriber|supporter)
    | (make\ a\ )?donate\ (to|now|today|here)\b | download\ (the|our)\ .{0,30}?\bapp\b
    | (have|got)\ a\ (news\ )?tip | send\ (your\ |us\ )?(news\ )?(tips|feedback|letters)\b
    | (want|looking)\ (for\ )?more\b.{0,40}\? | thanks?\ (you\ )?for\ (reading|signing|subscribing)
    | (if|do)\ you\ (have|know).{0,60}?\b(tips?|contact|call|e-?mail)\b
    | (we\ use|this\ (site|website)\ uses)\ cookies | by\ (clicking|signing|subscribing|continuing|submitting)\b
    # ways to other stories
    | (read|see|watch|listen|listen\ to|related|also|more|next|up\ next|recommended|trending|topics?|tags?|filed\ under
        |in\ this\ (article|story)|what\ to\ read\ next|you\ (may|might)\ also\ (like|enjoy|be\ interested).{0,40}
        |(related|more|popular|latest|top|recommended)
            \ (stories|articles|news|coverage|content|reading|posts|video))\s*(:|$)
    | more\ (from|on|about|stories)\ | (story|article)\ (continues|continued)\ below
    | (lire|voir)\ aussi | à\ lire\ aussi | lesen\ sie\ (auch|mehr) | lea\ también | leia\ (também|mais) | leggi\ anche
    # what the page says of itself
    | (this|the)\ (story|article|post|headline|live\ blog|version\ of\ this\ (story|article))\b.{0,40}?
        \b(was|has\ been|have\ been|is\ being|will\ be)\ (\w+ly\ )?(last\ |first\ )?(updated|corrected|amended|edited)\b
    | this\ (story|article|post|column|piece)\b.{0,40}?
        \b(was|is|has\ been)\ (\w+ly\ )?(re)?(published|posted|produced|supported|funded|translated|adapted)\b
    | this\ is\ a\ (developing|breaking)\ (news\ )?story | this\ (story|article)\ is\ developing
    | (last\ |first\ )?(updated|published|posted|modified)\s*(:|\b(on\ |at\ )?(\w{3,9}\.?\ \d|\d))(?=.{0,60}$)
    | (editor|author)(['’]?s|s['’])?\ note\b | (correction|clarification|disclosure)\s*[:(]
    | advertisements?\b(?=.{0,20}$) | sponsored(\ (content|post)\b|\ by\ (?-i:[A-Z]).{0,40}$|\W*$)
    | paid\ (post|content)\b | © | \(c\)\ \d{4} | copyright\b\W*(\d{4}|by\b|\(c\)|©|$) | all\ rights\ reserved
    | \d+\ (min(ute)?s?\ (read|ago)\b | hours?\ ago\b | days?\ ago\b | (comments?|shares?|views?)\W*$)
    | (view|leave|post|add|show|hide|load)\ (a\ |all\ |more\ )?comments?\b | comments?\ (are\ closed|\(\d+\))
    | (play|pause|mute|close|open|menu|search|home|share|print|comments?|newsletter|loading|log\ in)\b\W*$
    # credits
    | (file\ )?(photos?|images?|pictures?|video|illustration|graphic|credit|screengrab|screenshot|source)
        (\ (credits?|source|illustration))?\s*(: | / | \b(by|courtesy(\ of)?|via)\ (?-i:[A-Z]|the\b) )(?=.{0,120}$)
    | (photo|image|video)s?\ courtesy\b | (getty\ images|reuters|ap\ photo|afp|shutterstock|istock)(/.{0,60}|\W*)$
    | ((additional\ )?(reporting|writing|editing)|additional\ research)\ (and\ \w+\ )?by\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENDINGS: Final = re.compile(
    r"""
    # Each by its first blank, which is soon found.
    \ ( (?<=contributed\ )(to\ this\ (report|story|article)|reporting) | (?<=all\ )rights\ reserved
    | (?<=may\ )not\ be\ (published|reproduced|republished|broadcast).{0,80}
    | (?<=can\ )be\ reached\ at\ .{0,80} | (?<=follow\ )(him|her|them)\ (on|at)\ .{0,60}
    )\.?["”)]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE: Final = re.compile(
    r"(?:[Bb]y|BY)\s+[A-Z][\w.’'-]*(?:,?\s+(?:and\s+|&\s+)?[A-Z][\w.’'-]*){0,6}(?:\s*[|–—-].{0,60}|,.{0,40})?$"
    r"|[\w.+-]{1,64}@[\w.-]{1,200}$"
)
_CAPTION: Final = re.compile(
    # By its first blank too.
    r" in (?:(?<=\bseen in )|(?<=\bshown in )|(?<=\b(?:pictured|depicted) in ))(?:this|an?) (?:[\w-]+ ){0,5}"
    r"(?:photo(?:graph)?|picture|image|handout|still)\b",
    re.IGNORECASE,
)
_LOOKED_AT: Final = 400  # code points at either end; furniture is short, and hostile text is not


def is_furniture(sentence: str) -> bool:
    """Whether a sentence (on one line) is the page's own, not the story's."""
    head = sentence[:_LOOKED_AT].lstrip('-–—•*·►▶»>|#[( "“')
    tail = sentence[-_LOOKED_AT:]
    return bool(_BEGINNINGS.match(head) or _BYLINE.match(head) or _CAPTION.search(head) or _ENDINGS.search(tail))
