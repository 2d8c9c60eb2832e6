/*
 * huge-pages - what a page of 2 MiB saves, and what it takes to lose it.
 *
 * Two regions of 4 MiB, touched alike: one of small pages, one that asks for huge ones (madvise MADV_HUGEPAGE; the mode is
 * set in /sys). The huge one takes one fault where the small one takes 512, each walk reads one table less, and one entry
 * of the TLB covers what 512 would. Then one page of it gets other rights: the leaf becomes a table of 512 entries for the
 * same frames, in place, and the rest is as it was. MADV_COLLAPSE makes it huge again; a child's write splits it once more.
 *
 * Watch: faults, walks and TLB misses between the marks (--stats), the leaf before and after (--trace fault,walk).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25
#endif

enum { PAGE = 4096, HUGE = 2 << 20, LENGTH = 2 * HUGE };

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

/* KiB of huge pages in the mapping at the address, as /proc/self/smaps has it; -1 when it has no such mapping. */
static long huge_kib(const void *address)
{
    char line[256];
    FILE *smaps = fopen("/proc/self/smaps", "r");
    unsigned long start, end;
    long kib = -1;
    int inside = 0;
    while (smaps != NULL && fgets(line, sizeof line, smaps) != NULL) {
        if (sscanf(line, "%lx-%lx ", &start, &end) == 2) {
            inside = (unsigned long)address >= start && (unsigned long)address < end;
        } else if (inside && sscanf(line, "AnonHugePages: %ld kB", &kib) == 1) {
            break;
        }
    }
    if (smaps != NULL) {
        fclose(smaps);
    }
    return kib;
}

/* Writes one byte of each page, three times over; the faults that this takes. */
static long sweep(unsigned char *memory, const char *begin, const char *end)
{
    long before = faults();
    mmuemu_mark(begin);
    for (int round = 0; round < 3; round++) {
        for (size_t at = 0; at < LENGTH; at += PAGE) {
            ((volatile unsigned char *)memory)[at] = (unsigned char)(round + 1);
        }
    }
    mmuemu_mark(end);
    return faults() - before;
}

static int whole(const unsigned char *memory)
{
    for (size_t at = 0; at < LENGTH; at += PAGE) {
        if (memory[at] != 3) {
            return 0;
        }
    }
    return 1;
}

int main(void)
{
    mmuemu_require();
    int mode = open("/sys/kernel/mm/transparent_hugepage/enabled", O_WRONLY);
    if (mode < 0 || write(mode, "madvise", 7) != 7) {
        printf("the mode of huge pages cannot be set\n");
        return 1;
    }
    close(mode);

    unsigned char *raw = mmap(NULL, 3 * LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (raw == MAP_FAILED) {
        printf("no memory\n");
        return 1;
    }
    unsigned char *small = (unsigned char *)(((uintptr_t)raw + HUGE - 1) & -(uintptr_t)HUGE);
    unsigned char *huge = small + LENGTH;
    if (madvise(huge, LENGTH, MADV_HUGEPAGE) != 0) {
        printf("no advice about huge pages\n");
        return 1;
    }
    printf("small pages: %ld faults for 4 MiB\n", sweep(small, "small-begin", "small-end"));
    long taken = sweep(huge, "huge-begin", "huge-end");
    printf("huge pages:  %ld faults for 4 MiB, %ld KiB of huge pages\n", taken, huge_kib(huge));

    mprotect(huge + 5 * PAGE, PAGE, PROT_READ);
    printf("one page read-only: %ld KiB of huge pages below it, %ld KiB above, bytes kept: %s\n",
           huge_kib(huge), huge_kib(huge + 6 * PAGE), whole(huge) ? "yes" : "no");
    mprotect(huge + 5 * PAGE, PAGE, PROT_READ | PROT_WRITE);

    int collapsed = madvise(huge, LENGTH, MADV_COLLAPSE);
    printf("collapsed again: %s, %ld KiB of huge pages\n", collapsed == 0 ? "yes" : "no", huge_kib(huge));

    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        long before = faults();
        huge[0] = 99;
        _exit((int)(faults() - before));
    }
    int status = 0;
    waitpid(child, &status, 0);
    printf("a child wrote one byte: %d fault, %ld KiB of huge pages left to the parent, whose bytes are kept: %s\n",
           WEXITSTATUS(status), huge_kib(huge), whole(huge) ? "yes" : "no");
    return whole(huge) ? 0 : 1;
}
