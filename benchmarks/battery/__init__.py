"""Answers that go the whole way with recorded replies of a model, good and hostile.

What is under test is all of ours between a candidate and a model; no model is asked.
"""
