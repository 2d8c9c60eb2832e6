#!/bin/sh
# Builds every measured program from src/ into built/ (or into the folder given as the argument): static ELF files, the same
# bytes from the same tools. Also writes SOURCES.sha256: what went in and what came out.
#
#   apt-get install -y gcc musl-tools      sh Perf/Programs/build.sh [OUT]
set -eu
cd "$(dirname "$0")"
export LC_ALL=C SOURCE_DATE_EPOCH=0

out=${1:-built}
mkdir -p "$out"
for source in src/*.c; do
    name=$(basename "$source" .c)
    musl-gcc -static -std=gnu17 -O2 -g0 -s -Wall -Wextra -Werror -ffile-prefix-map="$PWD"=. -Wl,--build-id=none -o "$out/$name" "$source"
done

if [ "$out" = built ]; then
    sha256sum build.sh src/* $(ls built/* | grep -v '\.') >built/SOURCES.sha256
fi
