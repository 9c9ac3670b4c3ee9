"""
The flows of the system: one for each stage of a review, one for what happens beside them, one for the question «what
if?», and two for time: the sweep and the timed duty.
"""
