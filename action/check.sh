#!/usr/bin/env bash
# Runs envguard on the checkout: annotations and a log, a summary of the job, counts as outputs, and SARIF if asked for.
# Every input comes from the environment, so that none of it is ever read as a command. Bash 3.2 is enough.
set -euo pipefail

work=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/envguard-report.XXXXXX")
report=$work/report.json
outputs=${GITHUB_OUTPUT:?}

given() { [ -n "${1:-}" ]; }
yes() { [ "${1:-}" = true ]; }

# What judges; the same for every run below.
settings=(check)
if given "${INPUT_CONFIG:-}"; then settings+=("--config=$INPUT_CONFIG"); fi
if given "${INPUT_CONFIG_FROM:-}"; then settings+=("--config-from=$INPUT_CONFIG_FROM"); fi

# What is reported.
scope=()
since=${INPUT_SINCE:-auto}
if given "${INPUT_PATHS:-}"; then
  case $since in auto | all) ;; *) scope+=("--since=$since") ;; esac
  scope+=(--)
  while IFS= read -r path; do
    path=${path%$'\r'}
    if given "$path"; then scope+=("$path"); fi
  done <<<"$INPUT_PATHS"
elif [ "$since" != all ]; then
  scope+=("--since=$since")
fi

# A shallow checkout has no commit to compare with: fetch that one commit, without its history. Where it cannot be had,
# envguard says what is missing.
here() { git cat-file -e "$1^{commit}" 2>/dev/null; }
fetch() {
  here "$1" || git fetch --quiet --no-tags --depth=1 origin "$1" || true
}
if [ "$since" = auto ] && [ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = true ]; then
  parents=$(git cat-file -p HEAD | sed -n '/^$/q; s/^parent //p')
  case "${BASE:-}" in
    '' | *[!0]*) ;;
    *) BASE='' ;;
  esac
  if [ "$(printf '%s\n' "$parents" | grep -c .)" -gt 1 ]; then
    # The checkout merges the pull request into its base.
    fetch "$(printf '%s\n' "$parents" | head -n 1)"
  elif given "${BASE:-}"; then
    fetch "$BASE"
    if [ "${GITHUB_EVENT_NAME:-}" = pull_request ] && ! git merge-base HEAD "$BASE" >/dev/null 2>&1; then
      git fetch --quiet --no-tags --unshallow origin || true
    fi
  fi
fi

run() { "$ENVGUARD" "${settings[@]}" "$@"; }

main=(--output "json=$report" --output "markdown=$work/summary.md")
if given "${INPUT_FAIL_ON:-}"; then main+=("--fail-on=$INPUT_FAIL_ON"); fi
format=${INPUT_FORMAT:-human}
if [ "$format" != none ]; then main+=(--output "$format=$work/log.txt"); fi
# What is printed is read by the runner, so it has to be the format that is made for that.
main+=(--output github)
code=0
run "${main[@]}" ${scope[@]+"${scope[@]}"} >"$work/commands.txt" 2>"$work/errors.txt" || code=$?

# Text of the repository must not be taken for a command of the runner.
quoted() {
  local token
  token=$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')
  echo "::stop-commands::$token"
  cat "$1"
  echo "::$token::"
}
escaped() { tr -d '\r' | sed 's/%/%25/g' | awk 'NR > 1 { printf "%s", "%0A" } { printf "%s", $0 }'; }

if [ -s "$work/errors.txt" ]; then
  echo "::error title=envguard could not run::$(escaped <"$work/errors.txt")"
fi
if [ -s "$work/log.txt" ]; then quoted "$work/log.txt"; fi
if yes "${INPUT_ANNOTATIONS:-true}"; then cat "$work/commands.txt"; fi
if yes "${INPUT_SUMMARY:-true}" && [ -s "$work/summary.md" ] && given "${GITHUB_STEP_SUMMARY:-}"; then
  cat "$work/summary.md" >>"$GITHUB_STEP_SUMMARY"
fi

# The first of these keys are those of the summary; text of the repository holds them only with escaped quotes.
number() {
  local found=''
  if [ -s "$report" ]; then
    found=$(sed -n "s/^ *\"$1\": \([0-9][0-9]*\),*\$/\1/p" "$report" | head -n 1)
  fi
  echo "${found:-0}"
}
outcome=incomplete
case $code in 0) outcome=passed ;; 1) outcome=failed ;; esac
critical=$(number critical) high=$(number high) medium=$(number medium) low=$(number low)
{
  echo "outcome=$outcome"
  echo "exit-code=$code"
  echo "findings=$((critical + high + medium + low))"
  echo "critical=$critical"
  echo "high=$high"
  echo "medium=$medium"
  echo "low=$low"
  echo "known=$(number known)"
  if [ -s "$report" ]; then echo "report=$report"; fi
} >>"$outputs"

# Code scanning compares branches by itself, so it gets everything there is.
if given "${INPUT_SARIF:-}"; then
  whole=0
  run --output "sarif=$INPUT_SARIF" --output "short=$work/whole.txt" --output github --fail-on never >/dev/null || whole=$?
  if [ "$whole" -eq 0 ] || [ -s "$INPUT_SARIF" ]; then echo "sarif=$INPUT_SARIF" >>"$outputs"; fi
  if [ "$code" -eq 0 ]; then code=$whole; fi
fi
exit "$code"
