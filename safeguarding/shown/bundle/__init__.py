"""The pages of a bundle for an inspection: plain, printable, without a script."""
