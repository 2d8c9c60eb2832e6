// A hash table of 16 MiB: argument 1 insertions and look-ups at random places.
#include "program.h"

enum { SLOTS = 1 << 22 };

int main(int argc, char **argv)
{
    unsigned long rounds = count(argc, argv), sum = 0, state = 88172645463325252UL;
    unsigned *table = map(SLOTS * sizeof *table);
    for (unsigned long round = 0; round < rounds; round++) {
        unsigned long key = next(&state);
        table[key % SLOTS] += (unsigned)round;
        sum += table[(key >> 20) % SLOTS];
    }
    return tell(sum);
}
