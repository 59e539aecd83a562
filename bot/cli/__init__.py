"""The commands, one file per reader: who runs the bot, operators, editors. Thin: they ask other rooms and print."""
