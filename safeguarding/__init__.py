"""What a safeguarding review is: its stages, its duties, its dates and the people who must decide."""
