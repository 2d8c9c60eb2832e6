// Demand-zero faults: argument 1 of them, each a first touch of a page of a fresh private mapping of 16 MiB.
#include "program.h"

enum { PAGES = 4096 };

int main(int argc, char **argv)
{
    unsigned long left = count(argc, argv), sum = 0;
    while (left > 0) {
        char *memory = map(PAGES * PAGE);
        for (unsigned long i = 0; i < PAGES && left > 0; i++, left--) {
            memory[i * PAGE] = (char)i;
            sum += (unsigned char)memory[i * PAGE];
        }
        munmap(memory, PAGES * PAGE);
    }
    return tell(sum);
}
