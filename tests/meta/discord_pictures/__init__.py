"""The pictures of the documentation: a newsroom's day with Wiredesk in Discord, photographed.

    city (invented outlets) ─polled by the real pipeline→ gull (a newsroom's server, the real client, the real channels)
    scenes (alerts, watches, sources, desk): people press and ask ─album→ docs/images/discord/*.png

`python -m tests.meta.discord_pictures` makes all of them anew; names of pictures after it make only those. The same
program makes the same bytes: no clock, network or chance takes part.
"""
