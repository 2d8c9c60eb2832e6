/*
 * hello - the smallest useful program: one line, and proof that arguments arrive.
 *
 * Watch: how many pages a C program touches before main() even starts (--trace fault).
 */
#include <stdio.h>

int main(int argc, char **argv)
{
    printf("Hello from a guest.\n");
    for (int i = 1; i < argc; i++) {
        printf("argument %d: %s\n", i, argv[i]);
    }
    return 0;
}
