// Fork and copy-on-write: argument 1 children, each of which writes to 128 pages that its parent writes to as well.
#include <sys/wait.h>
#include <unistd.h>
#include "program.h"

enum { PAGES = 128 };

int main(int argc, char **argv)
{
    unsigned long children = count(argc, argv), sum = 0;
    char *memory = map(PAGES * PAGE);
    for (unsigned long i = 0; i < PAGES; i++)
        memory[i * PAGE] = 1;
    for (unsigned long child = 0; child < children; child++) {
        pid_t pid = fork();
        if (pid == 0) {
            for (unsigned long i = 0; i < PAGES; i++)
                memory[i * PAGE] += (char)child;
            _exit(memory[PAGE] & 1);
        }
        for (unsigned long i = 0; i < PAGES; i++)
            memory[i * PAGE]++;
        int status;
        waitpid(pid, &status, 0);
        sum += (unsigned long)WEXITSTATUS(status);
    }
    return tell(sum);
}
