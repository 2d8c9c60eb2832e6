/*
 * bad-ud2 - an instruction that is defined to be undefined: #UD becomes SIGILL, 128 + 4 = 132.
 *
 * Watch: the signal names the address of the instruction itself (--trace signal).
 */
#include <stdio.h>

int main(void)
{
    printf("about to execute ud2\n");
    fflush(stdout);
    __asm__ volatile("ud2");
    printf("still here\n");
    return 0;
}
