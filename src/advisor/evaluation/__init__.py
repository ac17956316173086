"""Evaluation: metrics, intervals and paired tests that judge answers without a model."""
