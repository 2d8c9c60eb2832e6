/*
 * cow-fork - fork shares every page until somebody writes.
 *
 * Three children change the same page, each in its own way; none sees what another wrote, and neither does the parent.
 * Each child reports through its exit status, because that is all that comes back without shared memory.
 *
 * Watch: mapcount 2 before the write, 1 after it, and only one page copied per write (--trace fault).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 8, CHILDREN = 3 };

static int sum(const unsigned char *memory)
{
    int total = 0;
    for (int page = 0; page < PAGES; page++) {
        total += memory[page * PAGE];
    }
    return total;
}

int main(void)
{
    unsigned char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    unsigned char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    for (int page = 0; page < PAGES; page++) {
        memset(memory + page * PAGE, page, PAGE);
    }
    printf("parent before: %d\n", sum(memory));
    fflush(stdout);

    for (int child = 1; child <= CHILDREN; child++) {
        pid_t pid = fork();
        if (pid == 0) {
            memory[child * PAGE] = (unsigned char)(child * 50);
            shared[child] = (unsigned char)child;
            _exit(sum(memory));
        }
        if (pid < 0) {
            printf("fork failed\n");
            return 1;
        }

        int status = 0;
        if (waitpid(pid, &status, 0) != pid) {
            printf("waitpid failed\n");
            return 1;
        }
        printf("child %d: exited %d, status %d\n", child, WIFEXITED(status), WEXITSTATUS(status));
    }

    printf("parent after: %d\n", sum(memory));
    printf("shared page: %d %d %d\n", shared[1], shared[2], shared[3]);
    return sum(memory) == 28 ? 0 : 1;
}
