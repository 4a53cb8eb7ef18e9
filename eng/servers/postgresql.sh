# PostgreSQL for the tests: a server of this run, with its data in the run's folder. Debian's package, of which no cluster is created or started.
# shellcheck shell=bash

postgresql_programs() {
    local folder
    folder="$(pg_config --bindir 2>/dev/null)"
    [[ -x "$folder/initdb" ]] || folder="$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)"
    [[ -x "$folder/initdb" ]] && echo "$folder"
}

install_postgresql() {
    # The package would otherwise create a cluster and start it at once.
    need pg_createcluster postgresql-common || return
    [[ -w /etc/postgresql-common/createcluster.conf ]] && ! grep -q '^create_main_cluster' /etc/postgresql-common/createcluster.conf \
        && echo 'create_main_cluster = false' >>/etc/postgresql-common/createcluster.conf
    need initdb postgresql
}

start_postgresql() {
    [[ -n "${CARILLON_TEST_POSTGRESQL:-}" ]] && return
    local programs data="$scratch/postgresql" port as=()
    programs="$(postgresql_programs)" || { install_postgresql && programs="$(postgresql_programs)"; } || {
        echo "PostgreSQL is not here (Debian package postgresql), nor is CARILLON_TEST_POSTGRESQL set: the tests that need it are skipped"
        [[ -z "${CI:-}" ]]
        return
    }
    port="$(free_port)"
    mkdir "$data"
    if [[ $(id -u) == 0 ]]; then
        # The server refuses to run as root.
        as=(setpriv --reuid=postgres --regid=postgres --init-groups)
        chown postgres: "$data"
        chmod a+x "$scratch"
    fi
    (cd "$data" && ${as[@]+"${as[@]}"} "$programs/initdb" --pgdata="$data/data" --username=postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
        >"$scratch/postgresql.log" 2>&1) || { cat "$scratch/postgresql.log"; return 1; }
    (cd "$data" && exec ${as[@]+"${as[@]}"} "$programs/postgres" -D "$data/data" -p "$port" -k "$data" \
        -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=on >"$scratch/postgresql.log" 2>&1) &
    started $!
    wait_for 30 "$programs/pg_isready" --host=127.0.0.1 --port="$port" --quiet || { cat "$scratch/postgresql.log"; return 1; }
    export CARILLON_TEST_POSTGRESQL="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
}
