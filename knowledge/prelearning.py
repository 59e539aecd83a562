"""Learns the examples of a folder and keeps the result, for a start that only has to read it.

    python -m knowledge.prelearning FOLDER CACHE

A process of its own leaves the interpreter of the bot to those who chat meanwhile.
"""

from __future__ import annotations

import sys
from pathlib import Path

from knowledge.loader import build_matcher, read_whole

if __name__ == "__main__":
    folder, cache = map(Path, sys.argv[1:])
    build_matcher(read_whole(folder), cache)
