#!/usr/bin/env bash
# Fetches the test programs of valgrind and QEMU as Debian sources, and builds them and the programs beside this script with Debian's
# static libraries. Nothing of it is part of the project. Usage: third-party.sh [FOLDER]; needs Debian, root for a first installation.
# What cannot be fetched or built is told, and listed in FOLDER/missing; the tests that need it then say that they did not run.
set -u
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/../../artifacts/third-party}
mkdir -p "$out" && out=$(cd "$out" && pwd)

lacks() {
    echo "$*" | tee -a "$out/missing" >&2
}

install_packages() {
    missing=()
    for package in gcc g++ libc6-dev perl python3 bzip2 xz-utils busybox-static liblua5.4-dev libsqlite3-dev libjemalloc-dev; do
        dpkg -s "$package" > /dev/null 2>&1 || missing+=("$package")
    done
    command -v go > /dev/null 2>&1 || missing+=(golang-go)
    command -v rustc > /dev/null 2>&1 || missing+=(rustc)
    if [ "${#missing[@]}" -gt 0 ]; then
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > /dev/null || lacks "packages: ${missing[*]}"
    fi
}

# The machine's own sources with deb-src in place of deb, kept apart from the machine's lists.
fetch_sources() {
    mkdir -p "$out/apt/lists/partial" "$out/apt/parts"
    if [ -f /etc/apt/sources.list.d/debian.sources ]; then
        sed 's/^Types:.*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources > "$out/apt/parts/debian.sources"
    fi
    if [ -f /etc/apt/sources.list ]; then
        grep '^deb .*debian' /etc/apt/sources.list | sed 's/^deb /deb-src /' > "$out/apt/parts/list.list"
    fi
    options=(-o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$out/apt/parts" -o "Dir::State::Lists=$out/apt/lists" -o APT::Sandbox::User=root)
    apt-get "${options[@]}" update -qq > /dev/null || lacks "the list of Debian's sources"
    for name in valgrind qemu; do
        (cd "$out" && apt-get "${options[@]}" source --download-only -qq "$name" > /dev/null) || lacks "the source of $name"
        mkdir -p "$out/src/$name"
        for archive in "$out/${name}_"*.orig.tar.*; do
            tar xf "$archive" -C "$out/src/$name" --strip-components=1 \
                --wildcards '*/tests/*' '*/include/*.h' > /dev/null 2>&1 || lacks "the tests of $name"
        done
    done
}

build() {
    program=$1
    shift
    "$@" -w -static -o "$program" > "$program.log" 2>&1 || lacks "${program#"$out/"} (see $program.log)"
}

build_valgrind() {
    source=$out/src/valgrind
    to=$out/valgrind
    mkdir -p "$to/made"
    : > "$to/made/config.h"
    cd "$source/none/tests/amd64" || return
    for test in *.vgtest; do
        name=${test%.vgtest}
        file=$name.c
        [ -f "$name.S" ] && file=$name.S
        if [ -f "$name.def" ]; then
            file=$to/made/$name.c
            perl ./gen_insn_test.pl < "$name.def" > "$file"
        fi
        build "$to/$name" gcc -O -g -m64 -fno-strict-aliasing -no-pie -DVGO_linux=1 \
            -I"$to/made" -I"$source" -I"$source/include" -I. "$file" -lm -lpthread
    done
}

build_qemu() {
    to=$out/qemu
    mkdir -p "$to"
    cd "$out/src/qemu/tests/tcg" || return
    python3 i386/test-mmx.py i386/x86.csv "$to/test-mmx.h" MMX SSE SSE2 SSE3 SSSE3
    python3 i386/test-avx.py i386/x86.csv "$to/test-avx.h"
    build "$to/test-x86_64" gcc -g i386/test-i386.c -lm
    build "$to/test-mmx" gcc -g -masm=intel -O -I"$to" -Ii386 i386/test-mmx.c
    build "$to/test-avx" gcc -g -mavx -masm=intel -O -I"$to" i386/test-avx.c
    build "$to/test-i386-ssse3" gcc -g i386/test-i386-ssse3.c
    build "$to/test-i386-bmi2" gcc -g -O2 i386/test-i386-bmi2.c
    build "$to/test-i386-sse-exceptions" gcc -g -O2 -msse4.1 -mfpmath=sse i386/test-i386-sse-exceptions.c -lm
    build "$to/test-i386-pcmpistri" gcc -g -O2 -msse4.2 i386/test-i386-pcmpistri.c
    for name in f2xm1 fbstp fisttp fldcst fp-exceptions fpatan fprem fscale fxam fxtract fyl2x fyl2xp1 pseudo-denormal snan-convert; do
        build "$to/test-i386-$name" gcc -g -O2 "i386/test-i386-$name.c" -lm
    done
    for name in vsyscall noexec cmpxchg; do
        build "$to/$name" gcc -g -O2 "x86_64/$name.c" -lpthread
    done
    for name in float_convd float_convs float_madds; do
        build "$to/$name" gcc -g "multiarch/$name.c" multiarch/libs/float_helpers.c -lm
    done
    for name in munmap-pthread overflow sha1 sha512 sigbus signals test-mmap testthread threadcount; do
        build "$to/$name" gcc -g -O2 "multiarch/$name.c" -lpthread -lrt -lm
    done
    for file in multiarch/linux/*.c; do
        build "$to/$(basename "$file" .c)" gcc -g "$file" -lpthread -lrt
    done
    build "$to/sha512-sse" gcc -msse4.1 -O3 multiarch/sha512.c
}

build_programs() {
    from=$here/programs
    to=$out/programs
    mkdir -p "$to"
    jemalloc=(-Wl,--whole-archive -ljemalloc -Wl,--no-whole-archive -lstdc++ -lm -ldl -lpthread)
    build "$to/lua-run" gcc -O2 -I/usr/include/lua5.4 "$from/lua-run.c" -llua5.4 -lm -ldl
    build "$to/sqlite-run" gcc -O2 "$from/sqlite-run.c" -lsqlite3 -lm -ldl -lpthread
    build "$to/malloc-glibc" gcc -O2 "$from/malloc-stress.c" -lpthread
    build "$to/malloc-glibc-threads" gcc -O2 -DTHREADS=4 "$from/malloc-stress.c" -lpthread
    build "$to/malloc-jemalloc" gcc -O2 "$from/malloc-stress.c" "${jemalloc[@]}"
    build "$to/malloc-jemalloc-threads" gcc -O2 -DTHREADS=4 "$from/malloc-stress.c" "${jemalloc[@]}"
    build "$to/pthread-stress-glibc" gcc -O2 -I"$here/../../Guests/include" "$here/../../Guests/src/pthread-stress.c" -lpthread
    build "$to/cxx-run" g++ -O2 -std=c++17 "$from/cxx-run.cpp"
    CGO_ENABLED=0 GOCACHE=$to/go-cache go build -o "$to/go-run" "$from/go-run.go" > "$to/go-run.log" 2>&1 || lacks "programs/go-run (see $to/go-run.log)"
    rustc -O -C target-feature=+crt-static -o "$to/rust-run" "$from/rust-run.rs" > "$to/rust-run.log" 2>&1 || lacks "programs/rust-run (see $to/rust-run.log)"
}

# One line tells from which scripts and sources the programs were built; the same line means that nothing is to do.
stamp=$(cat "$here/third-party.sh" "$here"/programs/* | sha256sum | cut -c1-16)
if [ "$(cat "$out/stamp" 2> /dev/null)" = "$stamp" ]; then
    exit 0
fi

: > "$out/missing"
install_packages
fetch_sources
build_valgrind
build_qemu
build_programs
[ -s "$out/missing" ] && exit 1
echo "$stamp" > "$out/stamp"
