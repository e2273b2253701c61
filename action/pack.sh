#!/usr/bin/env bash
# Packs a built binary as a release holds it: pack.sh TARGET FOLDER [PROFILE]
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 folder=$2 profile=${3:-release}
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
built=target/$target/$profile
[ -d "$built" ] || built=target/$profile
binary=envguard
[ -f "$built/envguard.exe" ] && binary=envguard.exe
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$built/$binary" LICENSE-MIT LICENSE-APACHE README.md CHANGELOG.md "$work/"
for shell in bash zsh fish powershell; do
  "$built/$binary" completions "$shell" >"$work/envguard.$shell"
done
"$built/$binary" man "$work/man"
mkdir -p "$folder"
tar -czf "$folder/envguard-$version-$target.tar.gz" -C "$work" .
