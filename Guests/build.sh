#!/bin/sh
# Builds every guest from src/ into built/ (or into the folder given as the argument): static ELF files, the same bytes
# from the same tools. Beside them, in debug/, a file for each with the debug information of our own code, which is all
# that a debugger needs for lines. Also writes SOURCES.sha256 (what went in and what came out; check it with
# `sha256sum -c`, in this folder) and TOOLCHAIN.txt (which compilers and libraries made them).
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
mkdir -p "$out/debug"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
flags="-std=gnu17 -O2 -Wall -Wextra -Werror -Iinclude -Wl,--build-id=none"

# What the linker leaves out of a debug file: libraries describe code whose source does not ship.
cat >"$work/own.ld" <<'END'
SECTIONS { /DISCARD/ : { *.a:*(.debug*) *crt*.o(.debug*) } }
INSERT AFTER .comment;
END

# build COMPILER LINKING SOURCE NAME [LIBRARIES]
build() {
    # shellcheck disable=SC2086
    $1 $flags -g0 -ffile-prefix-map="$PWD=." $2 -o "$out/$4" "src/$3.c" ${5:-}
    # shellcheck disable=SC2086
    $1 $flags -g -fdebug-prefix-map=/= -fdebug-prefix-map="$PWD=." $2 -Wl,-T,"$work/own.ld" -o "$work/whole" "src/$3.c" ${5:-}

    # The file is of use only if both have the same code at the same addresses; it names the program by its hash.
    # Symbols are the program's; one stays, for binutils 2.40 expands no section of a file without any.
    strip -o "$work/plain" "$out/$4"
    strip -o "$work/other" "$work/whole"
    cmp "$work/plain" "$work/other"
    sha256sum <"$out/$4" | cut -c 1-64 >"$work/of"
    objcopy --only-keep-debug --compress-debug-sections=zlib "$work/whole" "$work/debug"
    objcopy --wildcard --strip-symbol='*' --keep-symbol=main --add-section .mmuemu.sha256="$work/of" "$work/debug" "$out/debug/$4.debug"
    chmod a-x "$out/debug/$4.debug"
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
    tmpfs-calls)
        build gcc -static tmpfs-calls tmpfs-calls-glibc
        build musl-gcc -static tmpfs-calls tmpfs-calls-musl
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
    sha256sum build.sh include/*.h src/*.c $(ls -d built/* | grep -v '\.' | grep -v '/debug$') built/debug/*.debug >built/SOURCES.sha256
fi
