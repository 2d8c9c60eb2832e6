// A stream: argument 1 passes of a = b + 3 c over vectors of 1 MiB, in doubles.
#include "program.h"

enum { LENGTH = 1 << 17 };

int main(int argc, char **argv)
{
    unsigned long passes = count(argc, argv), sum = 0;
    double *a = map(LENGTH * sizeof *a), *b = map(LENGTH * sizeof *b), *c = map(LENGTH * sizeof *c);
    for (unsigned i = 0; i < LENGTH; i++) {
        b[i] = i;
        c[i] = 0.5 * i;
    }
    for (unsigned long pass = 0; pass < passes; pass++) {
        for (unsigned i = 0; i < LENGTH; i++)
            a[i] = b[i] + 3 * c[i];
        sum += (unsigned long)a[pass % LENGTH];
    }
    return tell(sum);
}
