/*
 * stack-growth - the stack is mapped as it is used, downwards, one fault at a time.
 *
 * A recursion puts a 4 KiB array on the stack at each of 768 levels (3 MiB), writes it, and checks it on the way back.
 *
 * Watch: the stack's Vma grow by one page per level, and the guard below it (--trace fault).
 */
#include <stdio.h>
#include <string.h>

enum { FRAME = 4096 };

__attribute__((noinline)) static unsigned long descend(int level)
{
    volatile unsigned char frame[FRAME];
    for (int i = 0; i < FRAME; i += 64) {
        frame[i] = (unsigned char)(level + i / 64);
    }

    unsigned long below = level > 1 ? descend(level - 1) : 0;

    unsigned long here = 0;
    for (int i = 0; i < FRAME; i += 64) {
        here += frame[i] == (unsigned char)(level + i / 64);
    }
    return below + here;
}

int main(void)
{
    for (int levels = 3; levels <= 768; levels *= 4) {
        printf("%3d levels: %lu bytes still right\n", levels, descend(levels));
    }
    return descend(768) == 768 * (FRAME / 64) ? 0 : 1;
}
