-- Prefect's own database, beside that of the record.
CREATE DATABASE prefect OWNER safeguarding;
