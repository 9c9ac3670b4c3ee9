"""The registers of a partnership: every decision, review, publication, breach, deferral, request and date, as rows."""
