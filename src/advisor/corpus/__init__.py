"""Roadmap documents: from files to clean Markdown with sections, and on to passages and facts."""
