#!/bin/sh
# Begins every command in the container: what it writes is for its owner alone, and settings that hold a word in them
# (the login, the databases' password) come from files, so that the container's own description shows none.
umask 077
for file in "${SAFEGUARDING_SECRETS_FOLDER:-/run/secrets}"/*.env; do
    [ -r "$file" ] || continue
    # Each line as it stands, without quotes: no shell reads what stands in it.
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in [A-Z]*=*) export "$line" ;; esac
    done <"$file"
done
exec "$@"
