/*
 * bad-sigbus-loop - a SIGBUS handler that repairs nothing and returns.
 *
 * The instruction is carried out again, meets the same purged page, and raises the same signal, for ever. Run it with
 * --max-insns: the run then ends with 124.
 *
 * Watch: the same fault at the same address, again and again (--trace fault,signal).
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include "mmuemu.h"

enum { PAGE = 4096 };

static void shrug(int signal)
{
    (void)signal;
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, shrug);
    char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(page, 1, PAGE);
    vrange(page, PAGE, VRANGE_VOLATILE, NULL);
    mmuemu_purge(page, PAGE);

    printf("touching a purged page\n");
    fflush(stdout);
    printf("it reads %d\n", *(volatile char *)page);
    return 0;
}
