#!/bin/sh
# Run the attacks as an ordinary user: a second environment from the system's python3-venv, outside any home folder,
# borrows the packages of the first one. Needs to be started as root, and a system Python of the same version.
#
#   tests/attacks/as_user.sh [ENVIRONMENT] [pytest arguments]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
first=$(cd "${1:-$root/.venv}" && pwd)
[ $# -gt 0 ] && shift
version=$("$first/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
system=/usr/bin/python$version
[ -x "$system" ] || { echo "as_user.sh: there is no $system: install python$version-venv" >&2; exit 2; }

place=$(mktemp -d /var/tmp/mtl-ordinary-user.XXXXXX)
trap 'rm -rf "$place"' EXIT
mkdir "$place/home" "$place/tmp"
user="setpriv --reuid 65534 --regid 65534 --clear-groups"
chmod 755 "$place"
if ! $user test -r "$root/pyproject.toml" -a -r "$first/pyvenv.cfg"; then # a checkout that only its owner can enter
    cp -a "$root" "$place/checkout"
    [ "$first" = "$root/.venv" ] || cp -a "$first" "$place/checkout/.venv"
    root=$place/checkout first=$place/checkout/.venv
fi
"$system" -m venv --without-pip "$place/env"
packages='import sysconfig; print(sysconfig.get_path("purelib"))'
{ echo "$first/lib/python$version/site-packages"; echo "$root"; } > "$("$place/env/bin/python" -c "$packages")/borrowed.pth"
chown -R 65534:65534 "$place"
cd "$root"
[ $# -gt 0 ] || set -- tests/attacks tests/autograder/engine/test_sandbox.py
$user env -i PATH=/usr/bin:/bin HOME="$place/home" TMPDIR="$place/tmp" \
    LANG=C.UTF-8 OMP_NUM_THREADS=1 MTL_REQUIRE_ALL="${MTL_REQUIRE_ALL:-}" PYTHONDONTWRITEBYTECODE=1 \
    "$place/env/bin/python" -m pytest -p no:cacheprovider -q "$@"
