#!/usr/bin/env bash
# One repository of many: checks ./checked, by ./config/.envguard.yml if that is there, and leaves reports/NAME.{json,sarif}.
set -euo pipefail
name=$(printf '%s' "${REPOSITORY:?}" | sed 's|/|+|' | tr -c 'A-Za-z0-9._+-' '-')
arguments=(check checked "--fail-on=${FAIL_ON:-high}" --output github)
if [ -f config/.envguard.yml ]; then arguments+=(--config config/.envguard.yml); fi
mkdir -p reports
exec "${ENVGUARD:?}" "${arguments[@]}" --output "json=reports/$name.json" --output "sarif=reports/$name.sarif"
