/*
 * remap-rules - remap_anon_pages next to mremap and to a copy: what it refuses, what it moves, and what it leaves as it was.
 *
 * remap_anon_pages was proposed to move a page into place under a program that waits for it. It edits page-table entries and nothing
 * else: no byte is copied, no mapping changes, pages in swap and pages of 2 MiB move as they are. It stops at the first thing
 * that it does not expect, where mremap would throw the destination away. And it works on plain memory: what it has moved
 * is swapped, merged and counted like all other memory.
 *
 * Watch: the entries that change places, and the cycles between the marks (--trace reclaim, --stats --trace mark).
 */
#define _GNU_SOURCE
#define MMUEMU_PROPOSALS 4
#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, HUGE = 2 << 20, MANY = 64 };

static unsigned char *map(size_t length, int sharing, int file)
{
    unsigned char *start = mmap(NULL, length, PROT_READ | PROT_WRITE, file < 0 ? sharing | MAP_ANONYMOUS : sharing, file, 0);
    if (start == MAP_FAILED) {
        printf("no memory\n");
        exit(2);
    }
    return start;
}

static unsigned char *hole(size_t pages)
{
    return map(pages * PAGE, MAP_PRIVATE, -1);
}

static unsigned char *filled(size_t pages, int what)
{
    return memset(hole(pages), what, pages * PAGE);
}

static const char *named(long answer)
{
    static char text[32];
    const char *name = answer == -EINVAL ? "EINVAL" : answer == -EFAULT ? "EFAULT" : answer == -EEXIST ? "EEXIST"
                       : answer == -ENOENT ? "ENOENT" : answer == -EBUSY ? "EBUSY" : NULL;
    snprintf(text, sizeof text, "%ld", answer);
    return name != NULL ? name : text;
}

static const char *move(void *to, void *from, size_t length)
{
    return named(remap_anon_pages(to, from, length, 0));
}

/* Lines of /proc/self/maps, or KiB of a field of the mapping at an address in smaps. */
static long mappings(const char *field, const void *address)
{
    static char line[512];
    long count = 0, kib = 0, inside = 0;
    FILE *file = fopen(field == NULL ? "/proc/self/maps" : "/proc/self/smaps", "r");
    unsigned long start, end;
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        if (field == NULL) {
            count++;
        } else if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
            inside = (unsigned long)address >= start && (unsigned long)address < end;
        } else if (inside && strncmp(line, field, strlen(field)) == 0) {
            sscanf(line + strlen(field), "%ld", &kib);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return field == NULL ? count : kib;
}

static const char *userfault(void *start)
{
    return named(madvise(start, PAGE, MADV_USERFAULT) == 0 ? 0 : -errno);
}

static void which_memory(void)
{
    int file = memfd_create("file", 0);
    if (file < 0 || ftruncate(file, PAGE) != 0) {
        exit(2);
    }
    printf("MADV_USERFAULT on private memory: %s\n", userfault(hole(1)));
    printf("MADV_USERFAULT on a private mapping of a file: %s\n", userfault(map(PAGE, MAP_PRIVATE, file)));
    printf("MADV_USERFAULT on a shared mapping of a file: %s\n", userfault(map(PAGE, MAP_SHARED, file)));
    printf("MADV_USERFAULT on shared memory: %s\n", userfault(map(PAGE, MAP_SHARED, -1)));
}

static void strictness(void)
{
    unsigned char *there = filled(1, 't'), *from = filled(1, 'f');
    printf("remap_anon_pages onto a page that is there: %s", move(there, from, PAGE));
    printf("; the destination has '%c', the source '%c'\n", there[0], from[0]);
    void *moved = mremap(from, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, there);
    printf("mremap onto it: %s", moved == there ? "done" : "refused");
    printf("; the destination has '%c', what it had is gone\n", there[0]);
    printf("remap_anon_pages of a hole: %s\n", move(hole(1), hole(1), PAGE));
    unsigned char *three = hole(3);
    three[PAGE] = 't';
    printf("three pages, the second of which is there: %s", move(three, filled(3, 'f'), 3 * PAGE));
    printf("; the first has '%c', the second '%c'\n", three[0], three[PAGE]);
}

/* A page that a child has too, and one that is kept out of children. */
static void with_a_child(void)
{
    unsigned char *shared = filled(1, 's'), *apart = filled(1, 'a');
    int ends[2];
    char byte = 0;
    madvise(apart, PAGE, MADV_DONTFORK);
    fflush(stdout);
    if (pipe(ends) != 0) {
        exit(2);
    }
    pid_t child = fork();
    if (child == 0) {
        _exit(read(ends[0], &byte, 1) != 1);
    }
    printf("a page that a child shares: %s", move(hole(1), shared, PAGE));
    printf("; one that is kept out of children: %s\n", move(hole(1), apart, PAGE));
    if (write(ends[1], &byte, 1) != 1) {
        exit(2);
    }
    waitpid(child, NULL, 0);
}

static unsigned char *place, *staging[2];
static volatile int arrived;

/* Two threads meet the same hole; each fetches the page and moves it in. */
static void *fetch(void *own)
{
    memset(own, own == staging[0] ? '0' : '1', PAGE);
    arrived++;
    while (arrived < 2) {
    }
    return (void *)remap_anon_pages(place, own, PAGE, 0);
}

static void race(void)
{
    pthread_t thread;
    void *answer = NULL;
    place = hole(1);
    staging[0] = hole(1);
    staging[1] = hole(1);
    pthread_create(&thread, NULL, fetch, staging[1]);
    long mine = (long)fetch(staging[0]);
    pthread_join(thread, &answer);
    printf("two threads bring the same page: one gets %s", named(mine > (long)answer ? mine : (long)answer));
    printf(", the other %s; the page is the first one's: %s\n", named(mine > (long)answer ? (long)answer : mine),
           place[0] == (mine > (long)answer ? '0' : '1') ? "yes" : "no");
}

static void mappings_kept(void)
{
    unsigned char *from = filled(MANY, 'm'), *to = hole(MANY);
    long before = mappings(NULL, NULL);
    for (size_t i = 0; i < MANY; i += 2) {
        remap_anon_pages(to + i * PAGE, from + i * PAGE, PAGE, 0);
    }
    long after = mappings(NULL, NULL);
    printf("every second of %d pages moved: by remap_anon_pages %+ld mappings", MANY, after - before);
    for (size_t i = 1; i < MANY; i += 2) {
        mremap(from + i * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to + i * PAGE);
    }
    printf(", by mremap %+ld\n", mappings(NULL, NULL) - after);
}

/* A page between two that nobody may touch, so that it is a mapping of its own. */
static unsigned char *alone(void)
{
    unsigned char *three = hole(3);
    mprotect(three, PAGE, PROT_NONE);
    mprotect(three + 2 * PAGE, PAGE, PROT_NONE);
    return three + PAGE;
}

static void in_swap(void)
{
    unsigned char *from = memset(alone(), 's', PAGE), *to = alone();
    mmuemu_age();
    mmuemu_age();
    mmuemu_reclaim(4096);
    long out = mappings("Swap:", from);
    printf("a page in swap (%ld KiB) moves: %s", out, move(to, from, PAGE));
    printf(", still in swap (%ld KiB); ", mappings("Swap:", to));
    printf("then it has '%c'\n", to[0]);
    mmuemu_age();
    mmuemu_age();
    mmuemu_reclaim(4096);
    out = mappings("Swap:", to);
    madvise(to, PAGE, MADV_USERFAULT);
    printf("moved, it goes to swap (%ld KiB) like any page, and comes back without a signal: '%c'\n", out, to[0]);
}

static unsigned char *aligned(size_t length)
{
    return (unsigned char *)(((uintptr_t)map(length + HUGE, MAP_PRIVATE, -1) + HUGE - 1) & -(uintptr_t)HUGE);
}

static void huge(void)
{
    unsigned char *from = aligned(HUGE), *to = aligned(HUGE);
    madvise(from, HUGE, MADV_HUGEPAGE);
    memset(from, 'h', HUGE);
    long kib = mappings("AnonHugePages:", from);
    mmuemu_mark("huge-begin");
    const char *answer = move(to, from, HUGE);
    mmuemu_mark("huge-end");
    printf("a huge page (%ld KiB) moves to an aligned place: %s, and is one there (%ld KiB): '%c'\n", kib, answer, mappings("AnonHugePages:", to), to[HUGE - 1]);

    unsigned char *odd = aligned(HUGE + PAGE) + PAGE;
    mmuemu_mark("split-begin");
    answer = move(odd, to, HUGE);
    mmuemu_mark("split-end");
    printf("it moves to a place that is not: %s, and is 512 pages there (%ld KiB): '%c'\n", answer, mappings("AnonHugePages:", odd), odd[HUGE - 1]);
}

static void prices(void)
{
    unsigned char *from = filled(MANY, 'p'), *to = hole(MANY), *copy = filled(MANY, 0);
    mmuemu_mark("each-begin");
    for (size_t i = 0; i < MANY; i++) {
        remap_anon_pages(to + i * PAGE, from + i * PAGE, PAGE, 0);
    }
    mmuemu_mark("each-end");
    mmuemu_mark("once-begin");
    remap_anon_pages(from, to, MANY * PAGE, 0);
    mmuemu_mark("once-end");
    mmuemu_mark("copy-begin");
    memcpy(copy, from, MANY * PAGE);
    mmuemu_mark("copy-end");
    printf("%d pages, one by one and all at once: '%c', copied: '%c'\n", MANY, from[0], copy[0]);
}

int main(void)
{
    mmuemu_require();
    which_memory();
    strictness();
    with_a_child();
    race();
    mappings_kept();
    in_swap();
    huge();
    prices();
    return 0;
}
