#!/usr/bin/env bash
# Gets envguard for this machine: one that is installed already, else a released binary whose checksum is right, else a
# build from the source beside this script. Writes the path as output `envguard`.
#
# A binary with a wrong checksum is never run and nothing is built in its place: somebody should look at that.
# Bash 3.2 is enough, which is what macOS has.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
work=${RUNNER_TEMP:-${TMPDIR:-/tmp}}/envguard
build=${INPUT_BUILD:-auto}
from=${INPUT_DOWNLOAD_FROM:-}
version=${INPUT_VERSION:-}
[ -n "$version" ] || version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1)
version=${version#v}

fail() {
  echo "::error title=envguard::$1"
  exit 1
}

use() {
  "$1" --version
  echo "envguard=$1" >>"$GITHUB_OUTPUT"
  exit 0
}

case $version in
  '' | *[!0-9A-Za-z.+-]*) fail "the version is not one: it has to look like 0.1.0" ;;
esac
case $build in
  auto | never | always) ;;
  *) fail "build has to be auto, never or always" ;;
esac

target() {
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-aarch64 | Linux-arm64) echo aarch64-unknown-linux-musl ;;
    Darwin-x86_64) echo x86_64-apple-darwin ;;
    Darwin-arm64) echo aarch64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64 | CYGWIN*-x86_64) echo x86_64-pc-windows-msvc ;;
    *) return 1 ;;
  esac
}

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 "$1" | cut -d ' ' -f 1
  fi
}

get() {
  curl --silent --show-error --fail --location --retry 3 --max-time 120 --output "$2" "$1"
}

# Leaves the binary in $work; fails where there is none for this version and machine.
download() {
  local target archive wanted found
  target=$(target) || return 1
  archive=envguard-$version-$target.tar.gz
  mkdir -p "$work"
  get "$from/v$version/$archive" "$work/$archive" || return 1
  get "$from/v$version/SHA256SUMS" "$work/SHA256SUMS" || fail "there is no list of checksums for envguard $version"
  wanted=$(tr -d '*\r' <"$work/SHA256SUMS" | awk -v name="$archive" '$2 == name { print $1 }')
  found=$(checksum "$work/$archive")
  if [ -z "$wanted" ] || [ "$wanted" != "$found" ]; then
    rm -f "$work/$archive"
    fail "the checksum of $archive is wrong: it is $found, and should be ${wanted:-in the list}"
  fi
  tar -xzf "$work/$archive" -C "$work"
}

binary=envguard
case "$(uname -s)" in MINGW* | MSYS* | CYGWIN*) binary=envguard.exe ;; esac

if [ "$build" != always ]; then
  if found=$(command -v envguard) && [ "$("$found" --version)" = "envguard $version" ]; then
    use "$found"
  fi
  if download; then
    use "$work/$binary"
  fi
  [ "$build" = auto ] || fail "there is no binary of envguard $version for $(uname -s) on $(uname -m)"
fi

command -v cargo >/dev/null 2>&1 ||
  fail "there is no binary of envguard $version for this machine, and no Rust to build it with"
echo "::group::Build envguard from source"
cargo install --locked --quiet --path "$root" --root "$work/built"
echo "::endgroup::"
use "$work/built/bin/$binary"
