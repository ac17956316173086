"""Search: understanding a question, finding passages, deciding whether they suffice."""
