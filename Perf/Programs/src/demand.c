// Demand-zero faults: argument 1 of them, each a first touch of a page of a fresh private mapping of 256 KiB. So small that
// what is zeroed stays in the host's cache: with mappings of many MiB it is the host's memory that is measured.
#include "program.h"

enum { PAGES = 64 };

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
