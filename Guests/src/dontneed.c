/*
 * dontneed - what is left after MADV_DONTNEED, which gives pages back at once.
 *
 * Private memory of a program's own reads as zeros afterwards. Memory shared with others keeps its content: this program
 * only drops its own view. Nothing of the kind happens to pages next to the range.
 *
 * Watch: a present entry become none, and a fresh zero page at the next touch (--trace fault,syscall).
 */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 6 };

static unsigned char *map(int flags)
{
    unsigned char *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
    for (int page = 0; page < PAGES; page++) {
        memset(memory + page * PAGE, 'a' + page, PAGE);
    }
    return memory;
}

/* One letter per page: its content when all bytes agree, '.' for zeros, '?' otherwise. */
static void show(const char *what, const unsigned char *memory)
{
    printf("%-36s", what);
    for (int page = 0; page < PAGES; page++) {
        const unsigned char *bytes = memory + page * PAGE;
        int same = memcmp(bytes, bytes + 1, PAGE - 1) == 0;
        putchar(!same ? '?' : bytes[0] == 0 ? '.' : bytes[0]);
    }
    putchar('\n');
    fflush(stdout);
}

int main(void)
{
    unsigned char *mine = map(MAP_PRIVATE), *shared = map(MAP_SHARED);
    show("private:", mine);

    int result = madvise(mine + PAGE, 2 * PAGE, MADV_DONTNEED);
    printf("MADV_DONTNEED on pages 1 and 2: %d\n", result);
    show("private, afterwards:", mine);

    mine[2 * PAGE] = 'x';
    show("private, one byte written:", mine);

    madvise(shared + PAGE, 2 * PAGE, MADV_DONTNEED);
    show("shared, afterwards:", shared);

    /* After a fork the pages are common until somebody writes; giving one's own view back takes nothing from the other. */
    pid_t child = fork();
    if (child == 0) {
        madvise(mine, PAGES * PAGE, MADV_DONTNEED);
        show("the child's private, given back:", mine);
        memset(shared, 'S', PAGE);
        _exit(0);
    }
    int status = -1;
    waitpid(child, &status, 0);
    show("the parent's private:", mine);
    show("shared, written by the child:", shared);
    return status;
}
