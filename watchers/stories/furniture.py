"""Sentences that belong to the page, not to the story: never told in a summary.

Newsletters, updates, credits, bylines, links to other stories, calls to share or subscribe. Recognised by how they
begin, so that a story about newsletters keeps its sentences.
"""

import re
from typing import Final

_BEGINNINGS: Final = re.compile(
    r"""
    (sign|signing)\ up\ (for|to|here|now|today|below)\b | subscribe\b
    | (get|receive)\ (the\ |our\ |your\ )?
        (latest|breaking|daily|top|best|news|morning|stories|more\ (news|stories))\b
    | (read|see|find|learn|hear|watch)\ (more|next|also|the\ full|our|on|here)\b.{0,20}?
        (:|»|→|\b(here|at|on|about)\b|$)
    | (read|see|watch|listen|listen\ to|related|also|more|next|up\ next|recommended|trending|topics?|tags?|filed\ under
        |in\ this\ (article|story)|what\ to\ read\ next|you\ (may|might)\ also\ (like|enjoy|be\ interested).*
        |(related|more|popular|latest|top|recommended)
            \ (stories|articles|news|coverage|content|reading|posts|video))\s*(:|$)
    | more\ (from|on|in|about|stories)\ | continue\ reading | keep\ reading | skip\ to | jump\ to | back\ to\ top
    | (click|tap)\ (here|to|on)\b | share\ (this|on)\b | tweet\ this | print\ this | email\ this | save\ this
    | follow\ (us|me|him|her|them|our|@|\w+\ \w+\ on)\b | (like|join|find|contact|email|reach|call|text|write)\ us\b
    | (join|support)\ (the\ conversation|our|local|independent|quality)\b | become\ a\ (member|subscriber|supporter)
    | (make\ a\ )?donat(e|ion)\ (to|now|today|here)\b | download\ (the|our)\ .{0,30}?\bapp | have\ a\ (news\ )?tip
    | send\ (your\ |us\ )?(news\ )?(tips|feedback|letters)\b | got\ a\ tip | (want|looking)\ (for\ )?more\b.{0,40}\?
    | (this|the)\ (story|article|post|page|piece|report|version|headline|headlines|column|live\ blog)\b.{0,40}?
        \b(was|has\ been|have\ been|is\ being|will\ be|is)\ (\w+ly\ )?(last\ |first\ )?(updated|corrected|amended|edited
        |republished|published|posted|produced|supported|funded|translated|adapted|developing)\b
    | this\ is\ a\ (developing|breaking)\ (news\ )?story | (story|article)\ (continues|continued)\ below
    | (last\ |first\ )?(updated|published|posted|modified|reviewed)\s*(:|\b(on|at|by)\b|\w{3,9}\.?\ \d|\d)
    | (editor['’]?s?['’]?|author['’]?s?['’]?)\ (note|s\ note)\b
    | (correction|clarification|disclosure)\s*[:(]
    | advertisement\b | sponsored\b | paid\ (post|content) | ©|\(c\)\ \d{4} | copyright\b | all\ rights\ reserved
    | \(?(file\ )?(photos?|images?|pictures?|video|illustration|graphic|credit|screengrab|screenshot|source)
        (\ (credits?|by|courtesy|via|source|illustration))?\s*(:|/|\bby\b|\bcourtesy\b|\bvia\b)
    | \(?(getty\ images|reuters|ap\ photo|afp|shutterstock|istock)\b.{0,60}$
    | (additional\ )?(reporting|writing|editing|research)\ (and\ \w+\ )?by\b
    | \d+\ (min(ute)?s?\ (read|ago)|comments?|shares?|views?|hours?\ ago|days?\ ago)\b
    | (view|leave|post|add|show|hide|load)\ (a\ |all\ |more\ )?comments? | comments?\ (are\ closed|\(\d+\)) | log\ in\b
    | (we\ use|this\ (site|website)\ uses)\ cookies | by\ (clicking|signing|subscribing|continuing|submitting)\b
    | thanks?\ (you\ )?for\ (reading|signing|subscribing)
    | (lire|voir)\ aussi | à\ lire\ aussi | lesen\ sie\ (auch|mehr)
    | lea\ también | leia\ (também|mais) | leggi\ anche
    | (if|do)\ you\ (have|know).{0,60}?\b(tips?|contact|call|email|e-mail)\b
    | (play|pause|mute|close|open|menu|search|home|share|print|comments?|newsletter|loading)\b\W*$
    | (loading|read)\ more\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ENDINGS: Final = re.compile(
    r"""
    ( contributed\ (to\ this\ (report|story|article)|reporting) | all\ rights\ reserved
    | may\ not\ be\ (published|reproduced|republished|broadcast).{0,80}
    | can\ be\ reached\ at\ .{0,80} | follow\ (him|her|them)\ (on|at)\ .{0,60}
    )\.?["”)]*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BYLINE: Final = re.compile(
    r"(?:[Bb]y|BY)\s+(?:[A-Z][\w.’'-]*,?\s*(?:and\s+|&\s+)?){1,7}(?:\||[-–—].*|,.{0,40})?$|[\w.+-]{1,64}@[\w.-]{1,200}$"
)
_CAPTION: Final = re.compile(
    r"\b(?:seen|pictured|shown|depicted) in (?:this|an?) (?:[\w-]+ ){0,5}(?:photo(?:graph)?|picture|image|handout|still)\b",
    re.IGNORECASE,
)
_LOOKED_AT: Final = 400  # code points at either end; furniture is short, and hostile text is not


def is_furniture(sentence: str) -> bool:
    """Whether a sentence (on one line) is the page's own, not the story's."""
    head = sentence[:_LOOKED_AT].lstrip('-–—•*·►▶»>|#[( "“')
    return bool(_BEGINNINGS.match(head) or _ENDINGS.search(sentence[-_LOOKED_AT:]) or _BYLINE.match(head[:_LOOKED_AT]))
