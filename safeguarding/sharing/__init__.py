"""Sharing what was learnt: a digest of a period, a briefing of one review, a leaflet for families."""
