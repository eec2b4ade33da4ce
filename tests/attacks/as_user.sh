#!/bin/sh
# Run the attacks as an ordinary user: a second environment, outside any home folder, borrows the packages of the first
# one. Needs to be started as root, and a Python of the same version that everybody can run.
#
#   tests/attacks/as_user.sh [ENVIRONMENT] [pytest arguments]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
first=$(cd "${1:-$root/.venv}" && pwd)
[ $# -gt 0 ] && shift

place=$(mktemp -d /var/tmp/mtl-ordinary-user.XXXXXX)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home" "$place/tmp"
root=$(sh "$root/tests/environment_for_others.sh" "$place" "$first")
chown -R 65534:65534 "$place"
cd "$root"
[ $# -gt 0 ] || set -- tests/attacks tests/autograder/engine/test_sandbox.py
setpriv --reuid 65534 --regid 65534 --clear-groups env -i PATH=/usr/bin:/bin HOME="$place/home" TMPDIR="$place/tmp" \
    LANG=C.UTF-8 OMP_NUM_THREADS=1 MTL_REQUIRE_ALL="${MTL_REQUIRE_ALL:-}" PYTHONDONTWRITEBYTECODE=1 \
    "$place/env/bin/python" -m pytest -p no:cacheprovider -q "$@"
