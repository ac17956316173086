"""A career advisor that answers from roadmap documents, cites every sentence and checks each citation."""

__version__ = "0.1.0"
