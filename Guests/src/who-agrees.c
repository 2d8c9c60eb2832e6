/*
 * who-agrees - a page that several processes map is purged when all of them let it go. Who are "all", and how do they say so?
 *
 * The thread of April 2013 settled private memory: parent and child share a page until one of them writes, and it stays while
 * either needs it. It did not settle files. Each case below has two processes, A and its child B; B tells what it finds.
 * mvrange speaks of a process's addresses, fvrange of a file's bytes.
 *
 * Watch: the same with the other author's meaning (--profile files=K, --profile files=J).
 */
#define _GNU_SOURCE
#define MMUEMU_PROPOSALS 9
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, LENGTH = 4 * PAGE };

static sigjmp_buf back;

static void on_bus(int number)
{
    siglongjmp(back, number);
}

static const char *look(const char *start)
{
    if (sigsetjmp(back, 1) != 0) {
        return "SIGBUS";
    }
    char byte = *(const volatile char *)start;
    return byte == 'd' ? "its data" : byte == 'w' ? "what it wrote" : byte == 0 ? "zeros" : "something else";
}

static void press(char *start)
{
    mmuemu_purge(start, LENGTH);
}

static long mark(char *start)
{
    return mvrange(start, LENGTH, VRANGE_VOLATILE, VRANGE_FULL_MODE);
}

static long unmark(char *start)
{
    return mvrange(start, LENGTH, VRANGE_NOVOLATILE, VRANGE_FULL_MODE);
}

static char *filled(char *start)
{
    memset(start, 'd', LENGTH);
    return start;
}

static char *private_memory(void)
{
    return filled(mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

static int file;

static char *of_file(int sharing)
{
    return mmap(NULL, LENGTH, PROT_READ | PROT_WRITE, sharing, file, 0);
}

/* A file and A's shared mapping of it. */
static char *new_file(void)
{
    if (file > 0) {
        close(file);
    }
    file = memfd_create("shared", 0);
    if (file < 0 || ftruncate(file, LENGTH) != 0) {
        exit(2);
    }
    return filled(of_file(MAP_SHARED));
}

static int ready[2], pressed[2];

static void say(int end)
{
    if (write(end, "", 1) != 1) {
        exit(2);
    }
}

static void await(int end)
{
    char byte;
    if (read(end, &byte, 1) != 1) {
        exit(2);
    }
}

/* Both map the page and have used it; memory runs short for both; then B looks, and A after it. */
static void with_b(const char *title, char *of_a, char *(*prepare)(char *))
{
    printf("%s\n", title);
    fflush(stdout);
    look(of_a);
    pid_t child = fork();
    if (child == 0) {
        char *of_b = prepare(of_a);
        look(of_b);
        press(of_b);
        say(ready[1]);
        await(pressed[0]);
        printf("  memory runs short; B finds %s\n", look(of_b));
        exit(0);
    }
    await(ready[0]);
    press(of_a);
    say(pressed[1]);
    waitpid(child, NULL, 0);
    printf("  A finds %s\n", look(of_a));
}

static char *does_nothing(char *of_a)
{
    return of_a;
}

static char *takes_back(char *of_a)
{
    unmark(of_a);
    return of_a;
}

static char *takes_back_and_writes(char *of_a)
{
    unmark(of_a);
    memset(of_a, 'w', LENGTH);
    return of_a;
}

static char *maps_for_itself(char *of_a)
{
    munmap(of_a, LENGTH);
    return of_file(MAP_SHARED);
}

static char *maps_and_marks(char *of_a)
{
    char *of_b = maps_for_itself(of_a);
    mark(of_b);
    return of_b;
}

static char *maps_privately(char *of_a)
{
    munmap(of_a, LENGTH);
    return of_file(MAP_PRIVATE);
}

static char *takes_back_by_address(char *of_a)
{
    printf("  B's mvrange is asked to take the mark away; is the file still volatile? ");
    unmark(of_a);
    printf("%s\n", fvrange(file, 0, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    return of_a;
}

static char *punches(char *of_a)
{
    char *of_b = maps_for_itself(of_a);
    fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, LENGTH);
    return of_b;
}

int main(void)
{
    mmuemu_require();
    signal(SIGBUS, on_bus);
    if (pipe(ready) != 0 || pipe(pressed) != 0) {
        return 2;
    }
    char *start = private_memory();
    mark(start);
    with_b("1. private memory, marked by A, which then forks: B has the mark too", start, does_nothing);
    start = private_memory();
    mark(start);
    with_b("2. the same, and B takes its mark away", start, takes_back);
    start = private_memory();
    mark(start);
    with_b("3. the same, and B has written pages of its own", start, takes_back_and_writes);

    start = new_file();
    mark(start);
    with_b("4. a shared file: A has marked, B has not", start, maps_for_itself);
    start = new_file();
    mark(start);
    with_b("5. a shared file: both have marked", start, maps_and_marks);
    start = new_file();
    mark(start);
    with_b("6. a shared file: A has marked, B maps it privately", start, maps_privately);
    start = new_file();
    fvrange(file, 0, LENGTH, VRANGE_VOLATILE, VRANGE_FULL_MODE);
    with_b("7. fvrange has marked the file, B has not asked", start, maps_for_itself);
    start = new_file();
    fvrange(file, 0, LENGTH, VRANGE_VOLATILE, VRANGE_FULL_MODE);
    with_b("8. fvrange has marked the file, B maps it privately", start, maps_privately);
    start = new_file();
    fvrange(file, 0, LENGTH, VRANGE_VOLATILE, VRANGE_FULL_MODE);
    with_b("9. fvrange has marked the file, mvrange takes the mark away", start, takes_back_by_address);
    start = new_file();
    with_b("10. nobody has marked, B punches a hole", start, punches);

    start = private_memory();
    printf("11. is it volatile? %s", mvrange(start, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    mark(start);
    printf("; and once it is marked? %s\n", mvrange(start, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    start = new_file();
    mvrange(start, LENGTH, VRANGE_VOLATILE_ANON, 0);
    printf("12. a file, marked with the mode for private memory only: is it volatile? %s", mvrange(start, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    mvrange(start, LENGTH, VRANGE_VOLATILE_FILE, 0);
    printf("; with the mode for files only? %s\n", mvrange(start, LENGTH, VRANGE_ISVOLATILE, 0) ? "yes" : "no");
    return 0;
}
