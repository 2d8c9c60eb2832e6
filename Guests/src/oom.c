/*
 * oom - takes memory and keeps it, until the kernel has none left and kills the program.
 *
 * mmap succeeds long after the machine is full: memory is promised first and paid for at the first touch. When a touch
 * cannot be paid for and nothing can be reclaimed, the out-of-memory killer sends SIGKILL, which no handler can catch.
 *
 * Watch: reclaim trying everything first (--trace reclaim). Run it with little RAM: --ram 8M --swap 0.
 */
#include <stdio.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096, MIB = 1 << 20, LIMIT_MIB = 512 };

int main(void)
{
    mmuemu_require(); /* this is no experiment for the machine you work on */
    printf("taking memory until there is none\n");
    fflush(stdout);

    for (int mib = 0; mib < LIMIT_MIB; mib++) {
        unsigned char *chunk = mmap(NULL, MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (chunk == MAP_FAILED) {
            printf("mmap refused\n");
            return 1;
        }
        for (int i = 0; i < MIB; i += PAGE) {
            chunk[i] = 1;
        }
    }
    printf("there was enough for all of %d MiB\n", LIMIT_MIB);
    return 1;
}
