/* What root may: map page 0, and lock more than RLIMIT_MEMLOCK. */
#include "common.h"

int main(void)
{
    char *zero = mmap(0, PAGE, RW, ANON | MAP_FIXED, -1, 0);
    printf("page 0: %s\n", zero == MAP_FAILED ? strerrorname_np(errno) : "mapped");
    MAPS(mmap((void *)PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    struct rlimit limit = { 8192, 8192 };
    SHOW(setrlimit(RLIMIT_MEMLOCK, &limit));
    char *p = pages(16, RW);
    SHOW(mlock(p, 16 * PAGE));
    MAPS(mmap(0, 16 * PAGE, RW, ANON | MAP_LOCKED, -1, 0));
    SHOW(munlock(p, 16 * PAGE));
    return 0;
}
