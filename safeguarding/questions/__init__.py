"""What may be asked of dates, writing nothing: why this day, what if, in which order."""
