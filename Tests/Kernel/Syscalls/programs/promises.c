/* Who is charged for memory that is not yet there: the default mode of overcommit, and RLIMIT_DATA. */
#include "common.h"

int main(void)
{
    size_t huge = 1UL << 45;
    char *none = mmap(0, huge, PROT_NONE, ANON, -1, 0);
    MAPS(none);
    SHOW(mprotect(none, huge, RW));
    SHOW(mprotect(none, huge, PROT_READ));
    SHOW(mprotect(none, PAGE, RW));
    munmap(none, huge);
    char *free = mmap(0, huge, PROT_NONE, ANON | MAP_NORESERVE, -1, 0);
    SHOW(mprotect(free, huge, RW));
    munmap(free, huge);
    MAPS(mmap(0, huge, RW, ANON, -1, 0));
    MAPS(mmap(0, huge, PROT_READ, ANON, -1, 0));
    MAPS(mmap(0, huge, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    char *small = pages(1, RW);
    MAPS(mremap(small, PAGE, huge, MREMAP_MAYMOVE));
    struct rlimit limit = { 32 << 20, RLIM_INFINITY };
    char *later = pages(16384, PROT_NONE);
    SHOW(setrlimit(RLIMIT_DATA, &limit));
    MAPS(mmap(0, 64 << 20, RW, ANON, -1, 0));
    SHOW(mprotect(later, 64 << 20, RW));
    SHOW(mprotect(later, 8 << 20, RW));
    SHOW(mprotect(later, 8 << 20, PROT_READ | PROT_WRITE | PROT_EXEC));
    SHOW((long)sbrk(64 << 20));
    MAPS(mmap(0, 64 << 20, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    return 0;
}
