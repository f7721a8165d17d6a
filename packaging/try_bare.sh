#!/bin/sh
# Tries the README's commands on a bare Debian: twice set up by debootstrap, once as root and once
# as an ordinary user. Needs root, debootstrap and a Debian mirror; elsewhere it says so and ends well.
#   sh packaging/try_bare.sh [FOLDER]      FOLDER takes about 8 GB; a temporary one if not given
# LESIONLENS_BARE_SUITE names another Debian release than the oldest that has Python 3.11.
set -eu

project=$(cd "$(dirname "$0")/.." && pwd)
suite=${LESIONLENS_BARE_SUITE:-bookworm}
commands="apt-get install -y make python3-venv"   # the line that README names

skip() { echo "The bare system is not tried: $1."; exit 0; }
[ "$(uname -s)" = Linux ] || skip "it needs Linux"
[ "$(id -u)" = 0 ] || skip "it needs root"
for tool in debootstrap unshare chroot git; do
    command -v "$tool" >/dev/null || skip "$tool is not installed"
done

# Mounts of the trial live in a name space of its own and are gone with it, however it ends.
if [ "${LESIONLENS_BARE_INSIDE:-}" != yes ]; then
    LESIONLENS_BARE_INSIDE=yes exec unshare --mount sh "$0" "$@"
fi

if [ $# -gt 0 ]; then folder=$1; mkdir -p "$folder"; else
    folder=$(mktemp -d)
    trap 'rm -rf --one-file-system "$folder"' EXIT
fi

say() { printf '\n== %s\n' "$*"; }
timed() {   # DESCRIPTION COMMAND…: run it, say how long it took, keep its exit code
    words=$1; shift; begun=$(date +%s); code=0
    "$@" || code=$?
    say "$words: exit $code after $(($(date +%s) - begun)) s"
    return $code
}
fault() { echo "FAULT: $*" >&2; exit 1; }

# pip inside asks where pip outside asks: the same settings, and the local folders that they name.
settings=$(python3 -m pip config list 2>/dev/null || true)
pip_folders=$(printf '%s\n' "$settings" | grep -E 'find-links|index-url' | tr "' ," '\n\n\n' |
    sed -n 's#^\(file://\)\{0,1\}\(/.*\)$#\2#p' | sort -u || true)

certificates=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
inside=/etc/trial-certificates.crt

base() {    # a bare system with the trial's own way to the network, and nothing else
    [ -e "$folder/base/.whole" ] && return
    debootstrap --variant=minbase "$suite" "$folder/base" >"$folder/debootstrap.log"
    touch "$folder/base/.whole"
}
room() {    # NAME: a fresh copy of the bare system with the project in it
    root=$folder/$1
    rm -rf --one-file-system "$root"
    cp -a "$folder/base" "$root"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    # A file of its own: Debian's package of certificates makes /etc/ssl/certs anew.
    if [ -e "$certificates" ]; then cp -L "$certificates" "$root$inside"; fi
    if [ -e /etc/pip.conf ]; then cp -L /etc/pip.conf "$root/etc/"; fi
    for own in "$HOME/.config/pip/pip.conf" "$HOME/.pip/pip.conf"; do
        if [ -e "$own" ]; then mkdir -p "$root/etc/xdg/pip"; cp -L "$own" "$root/etc/xdg/pip/"; fi
    done
    for path in $pip_folders; do
        if [ -d "$path" ]; then
            top=$(printf '%s' "$path" | cut -d/ -f1-3)      # an index links to files beside it
            mkdir -p "$root$top" && { mountpoint -q "$root$top" || mount --bind "$top" "$root$top"; }
        fi
    done
    mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    chroot "$root" useradd --create-home reader
    git clone --quiet --no-hardlinks "$project" "$root/home/reader/lesionlens"
    chroot "$root" chown -R reader:reader /home/reader/lesionlens
}
as() {      # USER COMMAND: in the room, in the project, with nothing of this shell's screen
    env -u DISPLAY -u WAYLAND_DISPLAY -u LESIONLENS_BARE_INSIDE -u VIRTUAL_ENV \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        PIP_CERT="$inside" SSL_CERT_FILE="$inside" REQUESTS_CA_BUNDLE="$inside" CURL_CA_BUNDLE= \
        HOME="$([ "$1" = root ] && echo /root || echo /home/"$1")" \
        chroot "$root" setpriv --reuid "$1" --regid "$1" --init-groups \
        sh -c "cd /home/reader/lesionlens && $2"
}
shown() {   # USER: the work without a window left its picture and a result that answers
    as "$1" 'python3 -c "
import json
answer = json.load(open(\"lesionlens-out/phantom-eye.json\"))
assert answer[\"question\"] == \"retinopathy\", answer
assert open(\"lesionlens-out/phantom-eye-heatmap.png\", \"rb\").read(4) == b\"\\x89PNG\"
print(answer[\"decision\"], answer[\"probability\"], answer[\"heatmap\"])"' ||
        fault "make run left no picture with its result"
}

say "Bare $suite"
timed "debootstrap" base

say "As root"
room as-root
as root 'apt-get update -qq'
timed "$commands" as root "$commands >/dev/null 2>&1"
timed "make run as root" as root "make run"
shown root
timed "make run as root, again" as root "make run >/dev/null"

say "As an ordinary user"
room as-reader
as root 'apt-get update -qq'
as root "$commands >/dev/null 2>&1"
if as reader "make run" 2>"$folder/refusal.txt"; then fault "system libraries were not missed"; fi
cat "$folder/refusal.txt"
line=$(sed -n 's/^Install them:  sudo //p' "$folder/refusal.txt")
[ -n "$line" ] || fault "the refusal names no line"
timed "$line" as root "$line >/dev/null 2>&1"
timed "make run as an ordinary user" as reader "make run"
shown reader
timed "make test as an ordinary user" as reader "make test"

say "The bare system did what the README says"
