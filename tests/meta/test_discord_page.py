"""The pictures' page shows a message as Discord would: embeds, files, components, modals, who asked and who sees it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.meta.discord_page import Shown, render_page, shoot
from tests.meta.discord_page.shot import chromium

NOW = datetime(2031, 3, 14, 13, 24, tzinfo=UTC)


def shown(payload: dict[str, Any], **how: Any) -> str:
    return render_page([Shown(payload, **how)], now=NOW, names={"2": "newsroom"}).split("</head>")[1]


def test_author_and_footer_of_an_embed_are_plain_and_its_parts_markdown() -> None:
    html = shown(
        {
            "embeds": [
                {
                    "author": {"name": "*a*"},
                    "title": "*b*",
                    "url": "https://x.example",
                    "description": "*c*",
                    "fields": [{"name": "*d*", "value": "*e*"}],
                    "footer": {"text": "*f*"},
                    "timestamp": "2031-03-13T22:00:00+00:00",
                }
            ]
        }
    )
    assert "*a*" in html
    assert '<a href="https://x.example"><em>b</em></a>' in html
    assert re.findall("<em>(.)</em>", html) == list("bcde")
    assert "*f*<b>•</b>Yesterday at 22:00" in html


def test_up_to_three_inline_fields_share_a_row() -> None:
    fields = [{"name": str(number), "value": "v", "inline": number != 5} for number in range(1, 7)]
    rows = shown({"embeds": [{"fields": fields}]}).split('class="row"')[1:]
    assert [re.findall(r'"name">(\d)', row) for row in rows] == [["1", "2", "3"], ["4"], ["5"], ["6"]]


def test_a_text_file_shows_its_first_lines() -> None:
    html = shown(
        {"attachments": [{"id": "0", "filename": "change.txt"}]}, files={"change.txt": "\n".join(map(str, range(9)))}
    )
    assert "<pre>0\n1\n2\n3\n4\n5</pre>" in html
    assert "17 bytes" in html
    assert "3 more lines" in html


def test_an_answer_says_who_asked_and_that_nobody_else_sees_it() -> None:
    html = shown({"content": "a", "flags": 64}, invoked="/watch show", by="Ben")
    assert "<b>Ben</b> used" in html
    assert "/watch show" in html
    assert "Only you can see this" in html


def test_a_post_has_neither() -> None:
    html = shown({"content": "a"})
    assert "used" not in html
    assert "Only you can see this" not in html


def test_buttons_and_selects() -> None:
    row = {
        "type": 1,
        "components": [
            {"type": 2, "style": 4, "label": "Remove", "disabled": True},
            {"type": 2, "style": 5, "label": "Open", "url": "https://x.example"},
        ],
    }
    channels = {"type": 8, "default_values": [{"id": "2", "type": "channel"}]}
    words = {"type": 3, "placeholder": "Which?", "options": [{"label": "a", "value": "a"}]}
    html = shown({"components": [row, {"type": 1, "components": [channels]}, {"type": 1, "components": [words]}]})
    assert '<span class="button danger disabled">Remove</span>' in html
    assert 'class="button link">Open' in html
    assert "#newsroom" in html
    assert "Which?" in html


def test_components_of_the_second_generation() -> None:
    container = {
        "type": 17,
        "accent_color": 0x2F6FDE,
        "components": [
            {"type": 10, "content": "## Watches"},
            {"type": 14},
            {
                "type": 9,
                "components": [{"type": 10, "content": "**cameras**"}],
                "accessory": {"type": 2, "style": 2, "label": "Edit"},
            },
        ],
    }
    html = shown({"flags": 1 << 15, "components": [container]})
    assert "#2f6fde" in html
    assert "<h2>Watches</h2>" in html
    assert "<strong>cameras</strong>" in html
    assert ">Edit</span>" in html


def test_a_component_that_is_not_known_is_an_error() -> None:
    with pytest.raises(ValueError, match="type 99"):
        shown({"components": [{"type": 99}]})


def test_a_modal_is_a_dialog_with_what_is_in_its_inputs() -> None:
    query = {"type": 4, "style": 2, "custom_id": "q", "value": "police AND cameras"}
    old = {"type": 4, "style": 1, "custom_id": "n", "label": "Name", "placeholder": "cameras", "required": False}
    html = shown(
        {},
        modal={
            "title": "Add a watch",
            "components": [
                {"type": 18, "label": "Query", "description": "As in the file.", "component": query},
                {"type": 1, "components": [old]},
            ],
        },
    )
    assert "Add a watch" in html
    assert 'Query<span class="star">*</span>' in html
    assert "As in the file." in html
    assert ">police AND cameras</div>" in html
    assert '<div class="label">Name</div>' in html
    assert ">cameras</span>" in html
    assert 'class="message' not in html


def test_nothing_is_fetched() -> None:
    image = {"url": "https://x.example/a.png"}
    html = shown({"embeds": [{"image": image, "thumbnail": image, "author": {"name": "a", "icon_url": image["url"]}}]})
    assert "x.example" not in html


def test_a_picture_is_as_wide_as_the_column_and_as_high_as_what_it_shows(tmp_path: Path) -> None:
    if chromium() is None:
        pytest.skip("no Chromium to draw with")
    image = pytest.importorskip("PIL.Image", reason="no Pillow to cut pictures with")
    sizes = []
    for lines in (1, 8):
        page = render_page([Shown({"content": "\n".join(["a"] * lines)})], now=NOW, names={})
        shoot(page, tmp_path / "picture.png")
        with image.open(tmp_path / "picture.png") as picture:
            sizes.append(picture.size)
    (width, low), (same_width, high) = sizes
    assert width == same_width == 1080
    assert high - low == 7 * 33
