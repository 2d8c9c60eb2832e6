// Self-modifying code: argument 1 functions written and called, 32 places in turn, the page protected and opened at times.
#include <string.h>
#include "program.h"

int main(int argc, char **argv)
{
    unsigned long rounds = count(argc, argv), sum = 0;
    unsigned char *code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (unsigned round = 0; round < rounds; round++) {
        unsigned char *at = code + 64 * (round % 32);
        at[0] = 0xB8;                                   // mov eax, round
        memcpy(at + 1, &round, sizeof round);
        at[5] = 0xC3;                                   // ret
        sum += ((unsigned (*)(void))at)();
        if (round % 64 == 0) {
            mprotect(code, PAGE, PROT_READ | PROT_EXEC);
            mprotect(code, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC);
        }
    }
    return tell(sum);
}
