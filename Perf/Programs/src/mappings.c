// Very many mappings: argument 1 pages are mapped one by one with two kinds of rights in turns, touched, listed, changed, and unmapped.
#include "program.h"

#include <fcntl.h>
#include <unistd.h>

static char text[1 << 16];

static unsigned long lines(void)
{
    unsigned long found = 0;
    int maps = open("/proc/self/maps", O_RDONLY);
    for (long got; (got = read(maps, text, sizeof text)) > 0;) {
        for (long i = 0; i < got; i++) {
            found += text[i] == '\n';
        }
    }
    close(maps);
    return found;
}

int main(int argc, char **argv)
{
    unsigned long pages = count(argc, argv), sum = 0, before = lines();
    char **page = malloc(pages * sizeof *page);
    for (unsigned long i = 0; i < pages; i++) {
        int rights = i % 2 ? PROT_READ : PROT_READ | PROT_WRITE;
        page[i] = mmap(NULL, PAGE, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (page[i] == MAP_FAILED) {
            perror("mmap");
            return 1;
        }
    }
    for (unsigned long i = 0; i < pages; i++) {
        if (i % 2 == 0) {
            page[i][i % PAGE] = (char)i;
        }
        sum += (unsigned char)page[i][i % PAGE];
    }
    sum += lines() - before >= pages;
    for (unsigned long i = 0; i < pages; i++) {
        sum += (unsigned long)mprotect(page[i], PAGE, i % 2 ? PROT_READ | PROT_WRITE : PROT_READ);
    }
    for (unsigned long i = 0; i < pages; i++) {
        sum += (unsigned long)munmap(page[i * 7 % pages], PAGE) + 1;
    }
    return tell(sum);
}
