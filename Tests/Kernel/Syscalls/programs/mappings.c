/* Where mappings go and in which order mmap, madvise and msync find fault. */
#include "common.h"

static void places(void)
{
    size_t size = 1 << 20;
    char *base = mmap(0, size, PROT_NONE, ANON, -1, 0);
    munmap(base, size);
    PLACE(mmap(base + 0x1234, PAGE, RW, ANON, -1, 0));
    PLACE(mmap(base + 3 * PAGE + 1, PAGE, RW, ANON, -1, 0));
    PLACE(mmap(base + 8 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    PLACE(mmap(base + 8 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0));
    char *low = mmap((void *)0x5000, PAGE, RW, ANON, -1, 0);
    printf("a hint in the lowest pages goes to %p\n", (void *)low);
    MAPS(mmap(base, PAGE, RW, MAP_ANONYMOUS, -1, 0));
    MAPS(mmap(base, 0, RW, MAP_ANONYMOUS, -1, 0));
    MAPS(mmap(0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1, 0));
}

static void files(void)
{
    int all = memfd_create("all", 0), write_only = open("/dev/null", O_WRONLY), zero = open("/dev/zero", O_RDWR), random = open("/dev/urandom", O_RDONLY), pipes[2];
    if (ftruncate(all, PAGE) || pipe(pipes)) exit(8);
    MAPS(mmap(0, PAGE, RW, MAP_SHARED_VALIDATE | 0x2000000, all, 0));
    MAPS(mmap(0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_NORESERVE | MAP_POPULATE, all, 0));
    MAPS(mmap(0, PAGE, RW, MAP_SHARED | 0x2000000, all, 0));
    MAPS(mmap(0, PAGE, RW, MAP_SHARED_VALIDATE | MAP_SYNC, all, 0));
    MAPS(mmap(0, 0, PROT_READ, MAP_PRIVATE, write_only, 0));
    MAPS(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, write_only, 0));
    MAPS(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, pipes[0], 0));
    MAPS(mmap(0, 0, PROT_READ, MAP_PRIVATE, 999, 0));
    MAPS(mmap(0, PAGE, PROT_READ, MAP_PRIVATE, random, 0));
    MAPS(mmap(0, PAGE, PROT_READ, MAP_PRIVATE | MAP_GROWSDOWN, all, 0));
    char *p = mmap(0, 2 * PAGE, RW, MAP_PRIVATE, zero, 0), *s = mmap(0, 2 * PAGE, RW, MAP_SHARED, zero, 0);
    p[5] = s[5] = 1;
    printf("/dev/zero %d %d %d %d\n", p[4], p[5], s[PAGE], s[5]);
}

static void advice(void)
{
    char *p = pages(8, RW), *w = pages(1, PROT_WRITE), *r = pages(1, PROT_READ), *n = pages(1, PROT_NONE);
    SHOW(madvise(w, PAGE, MADV_POPULATE_READ));
    SHOW(madvise(w, PAGE, MADV_POPULATE_WRITE));
    SHOW(madvise(r, PAGE, MADV_POPULATE_READ));
    SHOW(madvise(r, PAGE, MADV_POPULATE_WRITE));
    SHOW(madvise(n, PAGE, MADV_POPULATE_READ));
    munmap(p + 2 * PAGE, PAGE);
    mprotect(p + 4 * PAGE, PAGE, PROT_READ);
    unsigned char in[2];
    SHOW(madvise(p, 8 * PAGE, MADV_POPULATE_WRITE));
    SHOW(mincore(p + 3 * PAGE, PAGE, in));
    printf("behind the hole: %d\n", in[0]);
    SHOW(madvise(p + 3 * PAGE, 5 * PAGE, MADV_POPULATE_WRITE));
    SHOW(msync(p, 8 * PAGE, MS_SYNC));
    SHOW(msync(p, 8 * PAGE, MS_ASYNC));
    SHOW(msync(p + 3 * PAGE, PAGE, MS_SYNC | MS_INVALIDATE));
    mlock(p + 3 * PAGE, PAGE);
    SHOW(msync(p + 3 * PAGE, PAGE, MS_SYNC | MS_INVALIDATE));
    SHOW(msync(p, 4 * PAGE, MS_SYNC | MS_INVALIDATE));
    SHOW(msync(p, 3 * PAGE, MS_SYNC | MS_INVALIDATE));
    SHOW(msync(p + 3 * PAGE, PAGE, MS_SYNC));
    SHOW(msync(p + PAGE, (size_t)-PAGE, MS_SYNC));
}

int main(void) { places(); files(); advice(); return 0; }
