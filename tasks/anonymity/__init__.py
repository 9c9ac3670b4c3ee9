"""Reading a draft, in memory alone, and looking it over for somebody who may read the whole record."""
