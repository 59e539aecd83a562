"""What the pages for officers who are signed in ask of the rest of the bot: a small port for each group of pages.

Plain values in, plain values out, labels already in words. It knows ``bot.initiative`` and nothing else.
"""
