"""
The anonymisation aid: what of a draft may point at somebody, place by place, before a person
decides. It changes nothing.
"""
