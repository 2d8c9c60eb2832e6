// A pointer chase: argument 1 steps along one random cycle through 8 MiB.
#include "program.h"

enum { NODES = 1 << 20 };

int main(int argc, char **argv)
{
    unsigned long steps = count(argc, argv), state = 3;
    unsigned long *next_of = map(NODES * sizeof *next_of);
    for (unsigned long i = 0; i < NODES; i++)
        next_of[i] = i;
    for (unsigned long i = NODES - 1; i > 0; i--) {       // Sattolo's shuffle makes one cycle
        unsigned long j = next(&state) % i, kept = next_of[i];
        next_of[i] = next_of[j];
        next_of[j] = kept;
    }
    unsigned long at = 0;
    while (steps-- > 0)
        at = next_of[at];
    return tell(at);
}
