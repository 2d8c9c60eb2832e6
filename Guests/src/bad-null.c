/*
 * bad-null - reads through a null pointer and has no handler.
 *
 * The kernel keeps the lowest pages unmapped for exactly this. The default action of SIGSEGV ends the program: the shell
 * sees 128 + 11 = 139.
 *
 * Watch: a walk that stops at the first entry with P = 0 (--trace fault,walk).
 */
#include <stdio.h>

struct record {
    char name[24];
    int value;
};

int main(void)
{
    struct record *volatile nobody = NULL;
    printf("reading nobody's value\n");
    fflush(stdout);
    printf("it was %d\n", nobody->value);
    return 0;
}
