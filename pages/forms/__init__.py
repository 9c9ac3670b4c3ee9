"""The forms of every step, made from the step's own model and words: questions, drafts, checking, sending."""
