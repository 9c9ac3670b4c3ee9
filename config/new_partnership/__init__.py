"""
A partnership's own folder from nothing: what is asked, in a workbook or at a terminal, and the files made of it.
"""
