"""The exception tree. Every message says what went wrong, with which value, and what to do about it.

    AdvisorError
    ├── UsageError             wrong use or bad input: the caller can mend it by asking differently
    │   ├── QuestionError      a question that is empty, too long, or holds no words
    │   └── TooManyQuestions   more questions than one learner may ask at a time
    ├── DocumentError          one document cannot be read; the others are not affected
    ├── ModelError
    │   ├── ModelMissing       a model is not in the models folder yet
    │   ├── DownloadFailed     a source of models could not be reached or gave too little
    │   ├── ChecksumMismatch   the bytes are not the bytes of the catalogue
    │   └── UnsafeModel        weights in a format that can run code when loaded
    ├── IndexProblem
    │   ├── IndexMissing       nothing has been built at this place
    │   ├── IndexDamaged       a file of the build is gone or has changed since it was published
    │   ├── IndexMismatch      the build was made with another model, chunker or format
    │   └── IndexLocked        another process is building at this moment
    ├── WriterError            the language model failed; the extract stands
    └── StoreError             the conversation store cannot be opened or written

A refusal ("the roadmaps do not cover this") is an `Answer`, never an exception.
"""


class AdvisorError(Exception):
    """Root of everything this package raises on purpose; its text is fit to be shown to a user."""


class UsageError(AdvisorError):
    """Wrong use or bad input."""


class QuestionError(UsageError):
    """A question that cannot be asked."""


class TooManyQuestions(UsageError):
    """A question beyond what one learner may ask within a minute, or at once."""


class DocumentError(AdvisorError):
    """A document that cannot be read."""


class ModelError(AdvisorError):
    """A model that cannot be had, trusted or loaded."""


class ModelMissing(ModelError):
    """A model that has not been pulled yet."""


class DownloadFailed(ModelError):
    """A download that did not complete."""


class ChecksumMismatch(ModelError):
    """Bytes that are not the catalogue's bytes."""


class UnsafeModel(ModelError):
    """Weights in a format that may execute code."""


class IndexProblem(AdvisorError):
    """An index that cannot be used."""


class IndexMissing(IndexProblem):
    """No published build."""


class IndexDamaged(IndexProblem):
    """A published build whose files changed or vanished."""


class IndexMismatch(IndexProblem):
    """A build made by other parts than those at hand."""


class IndexLocked(IndexProblem):
    """Another build is running."""


class WriterError(AdvisorError):
    """The language model could not word an answer."""


class StoreError(AdvisorError):
    """The conversation store cannot be used."""
