// A touch storm: argument 1 passes over 64 MiB, one store to each page; the first pass finds nothing mapped.
#include "program.h"

enum { PAGES = 16384 };

int main(int argc, char **argv)
{
    unsigned long passes = count(argc, argv), sum = 0;
    volatile char *memory = map((unsigned long)PAGES * PAGE);
    for (unsigned long pass = 0; pass < passes; pass++)
        for (unsigned long i = 0; i < PAGES; i++)
            sum += (unsigned char)(memory[i * PAGE] += (char)i);
    return tell(sum);
}
