/*
 * bad-deadlock - waits for a byte that only it could write.
 *
 * The program holds both ends of a pipe and reads from the empty one. Nothing can ever wake it: natively it would hang,
 * here the run ends with 123 and says who waits for what.
 *
 * Watch: the last line of --strace is a read that does not return.
 */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
    int ends[2];
    char byte;
    if (pipe(ends) != 0) {
        return 1;
    }
    printf("waiting for my own byte\n");
    fflush(stdout);
    ssize_t length = read(ends[0], &byte, 1);
    printf("read %zd\n", length);
    return 0;
}
