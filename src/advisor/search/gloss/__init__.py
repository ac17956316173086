"""Questions asked in other languages, brought into plain English words by hand-written lists and no model."""
