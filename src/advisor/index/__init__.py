"""The index: embedding, dense and lexical halves, building and publishing."""
