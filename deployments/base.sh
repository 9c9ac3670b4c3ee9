#!/bin/sh
# Makes the image that ours is built from, out of Debian's own packages, where no registry of images can be reached.
# As root, on a machine with debootstrap and buildah. `make image` calls it; MIRROR=... names another mirror.
set -eu
suite=bookworm
image=${1:?the name of the image to make}

# Where this machine itself has its packages from; where that says nothing, debootstrap knows Debian's own.
from() { apt-get indextargets --format '$(REPO_URI)' "Codename: $1" 2>/dev/null | head -n 1; }
mirror=${MIRROR:-$(from "$suite")}
security=$(from "$suite-security")

root=$(mktemp -d)
chmod 755 "$root"
trap 'rm -rf "$root"' EXIT
umask 022
debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv "$suite" "$root" ${mirror:+"$mirror"} >&2

# debootstrap takes what was there on the day of Debian's last point release; what was mended since is put over it.
if [ -n "$security" ]; then
    echo "deb $security $suite-security main" >"$root/etc/apt/sources.list"
    chroot "$root" apt-get update --quiet --quiet
    DEBIAN_FRONTEND=noninteractive chroot "$root" apt-get upgrade --quiet --quiet --yes >&2
fi

# Nothing of the machine that made it stays inside, and nothing that nobody reads there; the copyrights do.
rm -rf "$root"/var/lib/apt/lists/* "$root"/var/cache/apt/* "$root"/var/log/* "$root"/debootstrap \
    "$root"/usr/share/man/* "$root"/usr/share/locale/* \
    "$root"/etc/apt/sources.list "$root"/etc/resolv.conf "$root"/etc/hostname
find "$root/usr/share/doc" -type f ! -name copyright -delete

container=$(buildah from scratch)
buildah add --quiet "$container" "$root" / >/dev/null
buildah config --cmd /bin/sh "$container"
buildah commit --quiet --rm --format docker "$container" "$image"
