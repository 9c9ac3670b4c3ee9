"""The same facts as words, a picture or a file: plain text in, plain text out."""
