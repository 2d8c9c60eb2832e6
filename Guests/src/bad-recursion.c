/*
 * bad-recursion - recursion that never ends, and a stack that does.
 *
 * The stack grows until its limit; the touch below it is SIGSEGV. No handler could run, because there is no stack left to
 * run it on (see sigaltstack). Ends with 139.
 *
 * Watch: a long row of stack faults, each one page lower, and the one that is refused (--trace fault).
 */
#include <stdio.h>

static volatile long bottom; /* there is none */

__attribute__((noinline)) static long deeper(volatile long *caller, long level)
{
    volatile long here[64];
    if (level == bottom) {
        return 0;
    }
    here[0] = caller[0] + level;
    return deeper(here, level + 1) + here[0];
}

int main(void)
{
    volatile long start[1] = { 1 };
    printf("how deep does it go\n");
    fflush(stdout);
    printf("%ld\n", deeper(start, 1));
    return 0;
}
