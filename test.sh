#!/usr/bin/env bash
# Builds everything, checks the format, runs every test. Needs the .NET 10 SDK and nothing else.
#   ./test.sh            everything
#   ./test.sh Sqlite     only the test projects with "Sqlite" in their name, without the format check
# The last line is "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1

filter="${1:-}"
scratch="$(mktemp -d "${TMPDIR:-/tmp}/carillon-test-XXXXXXXX")"
processes=()
passed=0 failed=0 skipped=0
failures=()

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

say() { printf '\n== %s\n' "$*"; }

fail() {
    failed=$((failed + 1))
    failures+=("$*")
    printf 'FAILED: %s\n' "$*"
}

started() { processes+=("$1"); }

stop_all() {
    local pid
    for pid in ${processes[@]+"${processes[@]}"}; do kill "$pid" 2>/dev/null; done
    for pid in ${processes[@]+"${processes[@]}"}; do
        for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null
    done
    rm -rf "$scratch"
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

finish() {
    local one
    if ((${#failures[@]} > 0)); then
        say "Failed"
        for one in "${failures[@]}"; do printf '  %s\n' "$one"; done
    fi
    printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    ((failed == 0)) || exit 1
    exit 0
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

wait_for() {
    local seconds="$1" end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        if ((SECONDS >= end)); then
            echo "after ${seconds} s still not true: $*"
            return 1
        fi
        sleep 0.1
    done
}

need() {
    local command="$1" package="$2"
    command -v "$command" >/dev/null && return
    if [[ $(id -u) != 0 ]] || ! command -v apt-get >/dev/null; then
        echo "missing: $command (Debian package $package), and only root can install it with apt-get"
        return 1
    fi
    say "Installing $package"
    [[ -e "$scratch/apt-updated" ]] || { apt-get update -qq && touch "$scratch/apt-updated"; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >"$scratch/apt.log" 2>&1 || { cat "$scratch/apt.log"; return 1; }
}

check_sdk() {
    local version
    if ! command -v dotnet >/dev/null; then
        fail "the .NET 10 SDK is missing (https://dotnet.microsoft.com/download/dotnet/10.0)"
        finish
    fi
    # A minimal system has no ICU; nothing here needs it.
    version="$(dotnet --version 2>&1)" || { export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1; version="$(dotnet --version 2>&1)"; } || {
        fail "dotnet does not run here: $version"
        finish
    }
    echo ".NET SDK $version, $(nproc) cores"
}

build() {
    say "Building"
    dotnet build Carillon.slnx -c Release -nologo -v minimal -clp:NoSummary -p:UseSharedCompilation=false || { fail "build"; finish; }
}

check_format() {
    say "Checking the format"
    dotnet format Carillon.slnx --verify-no-changes --no-restore || fail "format: run dotnet format"
}

start_servers() {
    local file name
    for file in eng/servers/*.sh; do
        [[ -e "$file" ]] || continue
        name="$(basename "$file" .sh)"
        # shellcheck source=/dev/null
        . "$file"
        "start_$name" || fail "server $name"
    done
}

run_tests() {
    local project="$1" name report code totals
    name="$(basename "$project" .csproj)"
    report="$scratch/$name.xml"
    say "$name"
    timeout --kill-after=10 "${CARILLON_TEST_SECONDS:-1500}" dotnet "tests/$name/bin/Release/net10.0/$name.dll" \
        --no-ansi --no-progress --results-directory "$scratch" --report-xunit --report-xunit-filename "$name.xml" \
        --xunit-diagnostics on --long-running 240 > >(tee "$scratch/$name.log") 2>&1 &
    started $!
    wait $!
    code=$?
    unset 'processes[-1]'
    count "$name" "$report" "$code"
}

count() {
    local name="$1" report="$2" code="$3" head ran=0 lost=0 missed=0 one
    if [[ ! -s "$report" ]]; then
        fail "$name did not finish (exit code $code)"
        while IFS= read -r one; do failures+=("did not end: $one"); done < <(grep -aoP "^\[Long Running Test\] '\K[^']+" "$scratch/$name.log" | sort -u)
        return
    fi
    head="$(grep -o '<assembly [^>]*>' "$report")"
    ran="$(number passed "$head")" lost=$(($(number failed "$head") + $(number errors "$head"))) missed="$(number skipped "$head")"
    passed=$((passed + ran)) failed=$((failed + lost)) skipped=$((skipped + missed))
    while IFS= read -r one; do failures+=("$one"); done < <(grep -o '<test [^>]*result="Fail"' "$report" | sed -E 's/.* name="([^"]*)".*/\1/')
    if ((ran + lost + missed == 0)); then fail "$name ran no test"
    elif ((code != 0 && lost == 0)); then fail "$name ended with exit code $code"
    fi
}

number() { grep -oE " $1=\"[0-9]+\"" <<<"$2" | grep -oE '[0-9]+' | awk '{ sum += $1 } END { print sum + 0 }'; }

check_sdk
build
[[ -n "$filter" ]] || check_format
start_servers
for project in $(grep -l 'eng/Tests.targets' tests/*/*.csproj | grep -F "$filter"); do
    run_tests "$project"
done
finish
