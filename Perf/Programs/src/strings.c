// Strings: argument 1 lines built, measured, copied, searched and compared by the C library.
#include <string.h>
#include "program.h"

int main(int argc, char **argv)
{
    unsigned long rounds = count(argc, argv), sum = 0, state = 1;
    char line[256], copy[256];
    for (unsigned long round = 0; round < rounds; round++) {
        int length = snprintf(line, sizeof line, "%lu:", round);
        while (length < 120)
            line[length++] = (char)('a' + next(&state) % 26);
        line[length] = 0;
        strcpy(copy, line);
        sum += strlen(copy) + (strstr(copy, "xyz") != NULL) + (unsigned long)(strcmp(line, copy) == 0);
        char *colon = strchr(copy, ':');
        sum += (unsigned char)colon[1 + sum % 64] + (memchr(copy, 'q', (size_t)length) != NULL);
    }
    return tell(sum);
}
