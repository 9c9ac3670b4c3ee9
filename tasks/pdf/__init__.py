"""A page of the record as a PDF: set by Typst from words alone, tagged for a screen reader."""
