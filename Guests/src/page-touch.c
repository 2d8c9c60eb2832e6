/*
 * page-touch - the first touch of N fresh pages, with nothing else in between. N is the argument, 512 if there is none.
 *
 * The region starts on a 2 MiB boundary and its page tables exist already (the pages were there once and were given back),
 * so between the two marks the costs can be worked out by hand: N page faults, 2N walks, and 5N + 3 reads of page-table
 * entries while N is at most 512: eight for the first page; after that one for the walk that faults and four for the walk
 * that succeeds, because a page fault drops what the paging-structure caches knew about its address.
 *
 * Watch: --stats, between the marks touch-begin and touch-end.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, LARGE = 2 << 20 };

/* Far from the program, its heap and its stack, so that no upper-level entry is shared with them. */
static void *const FAR_AWAY = (void *)0x100000000000;

static unsigned char *region(size_t length)
{
    unsigned char *raw = mmap(FAR_AWAY, length, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE | MAP_POPULATE, -1, 0);
    if (raw == MAP_FAILED || madvise(raw, length, MADV_DONTNEED) != 0) {
        return NULL;
    }
    return raw;
}

int main(int argc, char **argv)
{
    long pages = argc > 1 ? atol(argv[1]) : 512;
    if (pages < 1 || pages > 1 << 20) {
        printf("usage: page-touch [1..1048576]\n");
        return 2;
    }

    unsigned char *memory = region(((size_t)pages * PAGE + LARGE - 1) / LARGE * LARGE);
    if (memory == NULL) {
        printf("no memory\n");
        return 1;
    }

    mmuemu_mark("touch-begin");
    for (unsigned char *p = memory, *end = memory + (size_t)pages * PAGE; p != end; p += PAGE) {
        *(volatile unsigned char *)p = 1;
    }
    mmuemu_mark("touch-end");

    uint64_t sum = 0;
    for (size_t i = 0; i < (size_t)pages * PAGE; i += PAGE / 8) {
        sum += memory[i];
    }
    printf("touched %ld pages, sum %llu\n", pages, (unsigned long long)sum);
    return sum == (uint64_t)pages ? 0 : 1;
}
