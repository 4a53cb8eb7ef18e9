# PgBouncer for the tests, which start their own in the modes that they need. Debian's package, whose own service has no databases.
# shellcheck shell=bash

start_pgbouncer() {
    PATH="$PATH:/usr/sbin" need pgbouncer pgbouncer && return
    echo "PgBouncer is not here (Debian package pgbouncer): the tests that need it are skipped"
    [[ -z "${CI:-}" ]]
}
