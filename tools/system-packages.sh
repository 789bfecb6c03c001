#!/bin/sh
# Installs the Debian packages that are missing, as root or by sudo; else prints the one line to run and stops.
# Usage: tools/system-packages.sh PACKAGE…
set -eu
missing=""
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if ! command -v apt-get >/dev/null; then
    echo "This is no Debian. Please install what corresponds to:$missing" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo"
else
    echo "Packages are missing. Please run this line, then try again:" >&2
    echo "  sudo apt-get update && sudo apt-get install --no-install-recommends -y$missing" >&2
    exit 1
fi
echo "Installing:$missing"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install --no-install-recommends -y -qq $missing >/dev/null
