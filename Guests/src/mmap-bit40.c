/*
 * mmap-bit40 - one bit of mmap's flags that a vendor took before Linux did.
 *
 * In July 2002 a shipped kernel had MAP_BIGPAGE at 0x40: programs built for it pass that bit everywhere. A kernel that does not know the bit lets
 * it pass, and the program gets small pages. A kernel that has given the bit another meaning does that instead: on x86-64 it
 * became MAP_32BIT. A kernel that refused unknown bits would have told the program.
 *
 * Watch: the same program on four kernels (--profile mmap40=ignore, mmap40=bigpage,hugepages=4, mmap40=ignore,mapflags=strict).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#define MMUEMU_PROPOSALS 0
#include "mmuemu.h"

enum { MAP_BIGPAGE = 0x40, LENGTH = 4 << 20, PAGE = 4096 };

static long faults(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
}

int main(void)
{
    mmuemu_require();
    unsigned char *start = mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_BIGPAGE, -1, 0);
    if (start == MAP_FAILED) {
        printf("mmap with 0x40: %s\n", errno == EINVAL ? "EINVAL" : strerror(errno));
        return 0;
    }
    long before = faults();
    for (size_t at = 0; at < LENGTH; at += PAGE) {
        ((volatile unsigned char *)start)[at] = 1;
    }
    long taken = faults() - before;
    printf("mmap with 0x40: mapped %s 2 GiB; %s pages, %ld faults for 4 MiB\n", (unsigned long)start < 1UL << 31 ? "below" : "above",
           taken < LENGTH / PAGE ? "huge" : "small", taken);
    return 0;
}
