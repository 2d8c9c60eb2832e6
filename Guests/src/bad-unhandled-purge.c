/*
 * bad-unhandled-purge - makes a page volatile and forgets that it may go: SIGBUS without a handler, 128 + 7 = 135.
 *
 * Watch: mmuemu why, which names the vrange call that allowed it and the reclaim that did it.
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096 };

int main(void)
{
    mmuemu_require();
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 'x', PAGE);
    vrange(page, PAGE, VRANGE_VOLATILE, NULL);
    mmuemu_reclaim(1);

    /* The kernel reads memory for the program too, and then there is no signal. */
    int ends[2];
    if (pipe(ends) == 0) {
        printf("write(2) from the purged page: %s\n", write(ends[1], page, 1) < 0 ? "refused" : "accepted");
    }
    printf("reading it\n");
    fflush(stdout);
    printf("%c\n", *(volatile char *)(page + 0x7b));
    return 0;
}
