#!/bin/sh
# Builds every guest from src/ into built/ (or into the folder given as the argument): static ELF files, the same bytes
# from the same tools. Also writes SOURCES.sha256 (what went in and what came out; check it with `sha256sum -c`, in this
# folder) and TOOLCHAIN.txt (which compilers and libraries made them).
#
#   apt-get install -y gcc musl-tools      sh Guests/build.sh [OUT]      sh Guests/build.sh --toolchain
set -eu
cd "$(dirname "$0")"
export LC_ALL=C SOURCE_DATE_EPOCH=0

toolchain() {
    gcc --version | head -n 1
    ld --version | head -n 1
    echo "glibc libc.a $(sha256sum <"$(gcc -print-file-name=libc.a)" | cut -d' ' -f1)"
    specs=$(sed -n 's/.*-specs[ =]"\([^"]*\)".*/\1/p' "$(command -v musl-gcc)")
    echo "musl libc.a $(sha256sum <"$(dirname "$specs")/libc.a" | cut -d' ' -f1)"
}

if [ "${1:-}" = --toolchain ]; then
    toolchain
    exit
fi

out=${1:-built}
mkdir -p "$out"
flags="-std=gnu17 -O2 -g0 -Wall -Wextra -Werror -Iinclude -ffile-prefix-map=$PWD=. -Wl,--build-id=none"

# build COMPILER LINKING SOURCE NAME [LIBRARIES]
build() {
    # shellcheck disable=SC2086
    $1 $flags $2 -o "$out/$4" "src/$3.c" ${5:-}
}

for source in src/*.c; do
    name=$(basename "$source" .c)
    case $name in
    libc-mix)
        build gcc -static libc-mix libc-mix-glibc -lm
        build musl-gcc -static libc-mix libc-mix-musl -lm
        ;;
    thread-calls)
        build gcc -static thread-calls thread-calls
        ;;
    pthread-mix)
        build gcc -static pthread-mix pthread-mix-glibc
        build musl-gcc -static pthread-mix pthread-mix-musl
        ;;
    hello)
        build musl-gcc -static hello hello
        build gcc -static hello hello-glibc
        build gcc -static-pie hello hello-pie
        ;;
    *)
        build musl-gcc -static "$name" "$name"
        ;;
    esac
done

toolchain >"$out/TOOLCHAIN.txt"
if [ "$out" = built ]; then
    sha256sum build.sh include/*.h src/*.c $(ls built/* | grep -v '\.') >built/SOURCES.sha256
fi
