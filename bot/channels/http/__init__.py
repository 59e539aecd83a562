"""What every part that answers browsers does alike: where a request comes from, cookies, headers, limits, the ground
of each page. It knows nothing of residents, officers or plans; ``bot.channels.web`` and ``.desk`` stand on it.
"""
