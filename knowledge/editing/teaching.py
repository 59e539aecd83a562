"""Learns the base anew, and finds out how far the result may be trusted: what ships with the program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from zlib import crc32

from knowledge.editing.evaluation import OUTSIDE, Question, read_others
from knowledge.files import calibration_file
from knowledge.files.base_files import LEARNT, BaseLine, content_digest, folder_of, read_base
from knowledge.loader import GEMEENTE, Parts, build_matcher, read
from knowledge.matching import learnt_file
from knowledge.matching.calibration import Calibration
from knowledge.matching.judging import Trial, calibration_of, cross_validated, is_set_aside, trials
from knowledge.matching.learning import Example, collect, targets_of
from knowledge.matching.learnt import Learnt, learn_whole
from knowledge.matching.meaning import Meaning, Progress, vectors_of
from knowledge.models.problems import KnowledgeError, Problem, Problems

VECTORS = "zinvectoren.npz"
"""In the cache: what the encoder said of lines before, for it takes a thirtieth of a second each."""
MEANT = {"": 6_000}
MEANT_PER_TOPIC = 160
"""Lines of which the meaning is learnt, per language at most; more cost the encoder minutes."""


def relearn(folder: Path, cache: Path, progress: Progress) -> Path:
    """Learns the base of the municipality with its own examples on top; the file that was written."""
    problems = Problems()
    parts = read(folder, problems)
    problems[:] = [one for one in problems if one.key != "basis"]  # what was learnt may be missing: it is made here
    if parts is None or problems.errors:
        raise KnowledgeError(problems.errors)
    if not parts.gemeente.base:
        raise KnowledgeError([Problem(GEMEENTE, "basis", "ontbreekt; zonder basis leert de bot bij elke start")])
    learnt = _learnt(parts, base_lines(parts), cache / VECTORS, progress)
    path = folder_of(parts.gemeente.base) / LEARNT
    learnt_file.save(path, replace(learnt, digest=base_digest(parts.gemeente.base)))
    return path


def base_digest(base: str) -> str:
    """Of all that the base's file was learnt from, and of the code that learnt it."""
    return learnt_file.digest_of([content_digest(base)])


def _learnt(parts: Parts, lines: Sequence[BaseLine], vectors: Path, progress: Progress) -> Learnt:
    base = [_example(line) for line in lines if not is_set_aside(line.text) and _is_known(line, parts)]
    own, ids = list(collect(parts.topics, parts.outside)), tuple(parts.topics)
    meant = [*_thinned(base), *own]
    found = vectors_of([text for text, *_ in meant], vectors, progress)
    progress("voorbeelden leren", 0.1)
    learnt = learn_whole(base, own, ids, parts.words)
    progress("voorbeelden leren", 1.0)
    if found is None:
        return learnt
    return replace(learnt, meaning=Meaning.of(found, targets_of(meant, ids), len(ids) + 1))


def base_lines(parts: Parts) -> list[BaseLine]:
    """The lines of the base, with names of this municipality in them."""
    problems = Problems()
    found = read_base(parts.gemeente.base, names_of(parts), problems)
    if problems.errors:
        raise KnowledgeError(problems.errors)
    return found


def names_of(parts: Parts) -> Mapping[str, Sequence[str]]:
    """What stands for {wijk}, {buurt} and {gemeente}."""
    return {
        "wijk": [wijk.name for wijk in parts.places.wijken],
        "buurt": [buurt for wijk in parts.places.wijken for buurt in wijk.buurten],
        "gemeente": [parts.gemeente.name],
    }


def _example(line: BaseLine) -> Example:
    return line.text, line.language, line.topic


def _is_known(line: BaseLine, parts: Parts) -> bool:
    """A municipality need not have every topic that the base has lines for."""
    return not line.topic or line.topic in parts.topics


def _thinned(examples: Iterable[Example]) -> list[Example]:
    """So many of each topic and language, picked by checksum."""
    groups: dict[tuple[str, str], list[Example]] = {}
    for example in examples:
        groups.setdefault((example[2], example[1]), []).append(example)
    found: list[Example] = []
    for (topic, _), group in groups.items():
        group.sort(key=lambda example: crc32(example[0].encode("utf-8", "surrogatepass")))
        found += group[: MEANT.get(topic, MEANT_PER_TOPIC)]
    return found


def recalibrate(parts: Parts, cache: Path, progress: Progress) -> Calibration:
    """Finds out how far matches may be trusted, and writes that into the municipality's folder."""
    own = list(collect(parts.topics, parts.outside))
    if parts.shipped is None:
        found = cross_validated(parts.topics, own, parts.words)
    else:
        matcher = build_matcher(parts, cache)
        lines = calibration_lines(parts)
        progress("testzinnen lezen", 0.0)
        vectors = vectors_of([line.text for line in lines], cache / VECTORS, progress)
        progress("testzinnen beoordelen", 0.2)
        found = calibration_of(matcher.learnt, matcher.key_words, lines, vectors)
        progress("testzinnen beoordelen", 1.0)
    calibration = replace(found, digest=lessons_digest(parts))
    calibration_file.write(parts.folder, calibration)
    return calibration


def lessons_digest(parts: Parts) -> str:
    """Of the own examples and of the base: after a change of either the calibration is older than they are."""
    shipped = parts.shipped.digest if parts.shipped is not None else ""
    own = list(collect(parts.topics, parts.outside))
    return learnt_file.digest_of([own, learnt_file.listed(parts.words), shipped])


def calibration_lines(parts: Parts) -> list[Trial]:
    """Lines of the base that are set aside, and lines of other hands that are not kept apart."""
    held = [_example(line) for line in base_lines(parts) if is_set_aside(line.text) and _is_known(line, parts)]
    return [*trials(held), *(_trial(one) for one in read_others(parts.folder, Problems()) if not one.apart)]


def _trial(question: Question) -> Trial:
    topics = () if question.topic == OUTSIDE else tuple(topic for topic in question.topics if topic != OUTSIDE)
    return Trial(question.text, question.language, topics, other_hand=True)
