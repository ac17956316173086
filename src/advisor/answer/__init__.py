"""Answers: evidence chosen by code, worded by a model, checked sentence by sentence."""
