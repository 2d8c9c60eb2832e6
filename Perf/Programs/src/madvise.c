// An allocator that gives back: argument 1 times it fills eight pages and drops them with MADV_DONTNEED.
#include "program.h"

enum { RUN = 8, RUNS = 64 };

int main(int argc, char **argv)
{
    unsigned long rounds = count(argc, argv), sum = 0;
    char *memory = map(RUNS * RUN * PAGE);
    for (unsigned long round = 0; round < rounds; round++) {
        char *run = memory + round % RUNS * RUN * PAGE;
        for (unsigned i = 0; i < RUN; i++) {
            run[i * PAGE] = (char)round;
            sum += (unsigned char)run[i * PAGE];
        }
        madvise(run, RUN * PAGE, MADV_DONTNEED);
    }
    return tell(sum);
}
