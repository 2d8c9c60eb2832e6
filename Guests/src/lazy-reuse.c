/*
 * lazy-reuse - what it costs to give memory back and to use it again: MADV_DONTNEED, MADV_FREE, vrange.
 *
 * An allocator hands out and takes back the same 256 pages, eight times over, in three ways. With MADV_DONTNEED each page is taken
 * away and comes back by a fault, a fresh frame and 4096 zeros. With MADV_FREE its entry is made old and clean, and nothing else
 * happens unless memory runs short. vrange touches no entry at all. The program counts its faults; marks in the trace
 * carry the machine's clock.
 *
 * Watch: the cycles between the marks (--stats --trace mark).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include "mmuemu.h"

enum { PAGE = 4096, PAGES = 256, LENGTH = PAGES * PAGE, ROUNDS = 8 };

static unsigned char *arena;

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

static long resident_kib(void)
{
    static char line[128];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmRSS: %ld", &kib);
    }
    if (status != NULL) {
        fclose(status);
    }
    return kib;
}

static void write_all(int what)
{
    for (size_t at = 0; at < LENGTH; at += PAGE) {
        ((volatile unsigned char *)arena)[at] = (unsigned char)what;
    }
}

static long dontneed(void)
{
    return madvise(arena, LENGTH, MADV_DONTNEED);
}

static long lazily(void)
{
    return madvise(arena, LENGTH, MADV_FREE);
}

static long as_volatile(void)
{
    return vrange(arena, LENGTH, VRANGE_VOLATILE, NULL) != LENGTH;
}

static long kept_again(void)
{
    int word;
    return vrange(arena, LENGTH, VRANGE_NONVOLATILE, &word) != LENGTH;
}

static long nothing(void)
{
    return 0;
}

static void rounds(const char *name, long (*give)(void), long (*take)(void), const char *begin, const char *end)
{
    long refused = 0, before = faults();
    mmuemu_mark(begin);
    for (int round = 0; round < ROUNDS; round++) {
        refused += give() != 0;
        refused += take() != 0;
        write_all(round + 1);
    }
    mmuemu_mark(end);
    printf("%-14s %4ld faults for %d uses of %d pages, refused %ld\n", name, faults() - before, ROUNDS, PAGES, refused);
}

int main(void)
{
    mmuemu_require();
    arena = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    write_all('a');
    resident_kib(); /* the library's own memory is there before anything is counted */
    rounds("MADV_DONTNEED", dontneed, nothing, "dontneed-begin", "dontneed-end");
    rounds("MADV_FREE", lazily, nothing, "free-begin", "free-end");
    rounds("vrange", as_volatile, kept_again, "vrange-begin", "vrange-end");

    long before = resident_kib();
    lazily();
    printf("resident after MADV_FREE: %+ld KiB", resident_kib() - before);
    dontneed();
    printf(", after MADV_DONTNEED: %+ld KiB\n", resident_kib() - before);
    return 0;
}
