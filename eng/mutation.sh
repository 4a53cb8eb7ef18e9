#!/usr/bin/env bash
# The mutation score of the delivery core: changes the code in thousands of places, one at a time, and counts how often a test notices.
#   eng/mutation.sh                        every folder of the delivery core (hours)
#   eng/mutation.sh Retrying Parking       these folders of src/Carillon
#   eng/mutation.sh --again REPORTS        only what survived the run that left these reports, after tests were added
# Prints every survivor, then the score per file and per folder. Works on a copy in a temporary folder; the reports stay there.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
scratch="$(mktemp -d "${TMPDIR:-/tmp}/carillon-mutation-XXXXXXXX")"
earlier=
if [[ "${1:-}" == --again ]]; then
    earlier="$(realpath "${2:?the folder of the reports}")" || exit 1
    shift 2
fi
folders=("$@")
if ((${#folders[@]} == 0)); then
    folders=(Subscribing Parking Durability Retrying Relaying Publishing Scheduling InMemory)
    [[ -z "$earlier" ]] || mapfile -t folders < <(cd "$earlier" && printf '%s\n' *)
fi

# Every mutant runs the tests that reach it, so a folder is tried with the tests that are about it. Tests that count allocations see
# those of the instrumented code, and stress takes too long to be repeated thousands of times; leaving them out lowers the score at most.
tests_of() {
    local tests
    case "$1" in
        Subscribing) tests="Subscribing Parking" ;;
        *) tests="$1" ;;
    esac
    printf '('
    # shellcheck disable=SC2086
    printf '%s' "$(printf '|FullyQualifiedName~Carillon.Tests.%s.' $tests | cut -c2-)"
    printf ')&FullyQualifiedName!~Allocation&FullyQualifiedName!~Stress'
}

# Where mutants are made: everywhere in the folder, or where some survived.
places_of() {
    if [[ -n "$earlier" ]]; then dotnet run eng/mutation-report.cs -- --survivors "$(report_of "$earlier" "$1")"
    else echo "$1/**/*.cs"
    fi
}

report_of() { echo "$1/$2/reports/mutation-report.json"; }

stop() { [[ -z "${stryker:-}" ]] || kill -- "-$stryker" 2>/dev/null; }
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

git ls-files -z --cached --others --exclude-standard | tar --create --null --ignore-failed-read --files-from=- 2>/dev/null | tar --extract --directory="$scratch" || exit 1
dotnet tool restore --tool-manifest "$scratch/.config/dotnet-tools.json" >/dev/null || { echo "dotnet-stryker cannot be restored from the package feed of this machine"; exit 1; }
echo "Reports: $scratch/reports"

reports=()
for folder in "${folders[@]}"; do
    [[ -d "src/Carillon/$folder" ]] || { echo "There is no folder src/Carillon/$folder"; exit 1; }
    mutate=()
    while IFS= read -r place; do mutate+=(--mutate "$place"); done < <(places_of "$folder")
    [[ -z "$earlier" ]] || reports+=("$(report_of "$earlier" "$folder")")
    ((${#mutate[@]} > 0)) || continue
    echo "== $folder: $(tests_of "$folder")"
    cd "$scratch/tests/Carillon.Tests" || exit 1
    # A process group of its own, so that nothing of it stays behind.
    set -m
    dotnet tool run dotnet-stryker --config-file "$scratch/eng/mutation.yaml" "${mutate[@]}" --test-case-filter "$(tests_of "$folder")" \
        --skip-version-check --output "$scratch/reports/$folder" >"$scratch/$folder.log" 2>&1 &
    stryker=$!
    set +m
    wait "$stryker" || { tail -n 40 "$scratch/$folder.log"; exit 1; }
    stryker=
    cd - >/dev/null || exit 1
    reports+=("$(report_of "$scratch/reports" "$folder")")
    dotnet run eng/mutation-report.cs -- "${reports[-1]}"
done
dotnet run eng/mutation-report.cs -- --summary "${reports[@]}"
