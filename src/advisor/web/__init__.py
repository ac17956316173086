"""The page a learner talks to: what is shown (`talk`), how it looks (`markup`, `page`), how it is served (`serve`)."""
