/*
 * tmpfs-mix - a file of memory, changed at random through every door that there is.
 *
 * Writes, cuts, holes, room set aside, shared and private mappings, a child that writes: after each step the file is read
 * back, its data and holes are listed, and what the private mapping shows is added up. The same seed does the same
 * everywhere, so that two kernels can be compared line by line.
 *
 * Watch: pages of the file that leave for swap and come back, with little RAM (--trace reclaim,fault).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, PAGES = 24, BYTES = PAGES * PAGE };

static const char path[] = "/dev/shm/mmuemu-tmpfs-mix";
static unsigned long long state;
static sigjmp_buf back;
static volatile int caught;

static unsigned rnd(unsigned below)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(state >> 33) % below;
}

static unsigned long mix(unsigned long sum, unsigned long value)
{
    return (sum ^ value) * 1099511628211UL;
}

static void on_signal(int signal)
{
    caught = signal;
    siglongjmp(back, 1);
}

/* What a touch of each page of a mapping shows: its first and last byte, or the signal. */
static unsigned long look(volatile unsigned char *memory)
{
    volatile unsigned long sum = 14695981039346656037UL;
    for (volatile int page = 0; page < PAGES; page++) {
        caught = 0;
        if (sigsetjmp(back, 1) == 0) {
            sum = mix(sum, memory[page * PAGE] + 256UL * memory[page * PAGE + PAGE - 1]);
        }
        sum = mix(sum, (unsigned long)caught);
    }
    return sum;
}

static void store(volatile unsigned char *memory, unsigned at, unsigned char value)
{
    caught = 0;
    if (sigsetjmp(back, 1) == 0) {
        memory[at] = value;
    }
}

static unsigned long content(int file, off_t size)
{
    static unsigned char bytes[BYTES + PAGE];
    unsigned long sum = 14695981039346656037UL;
    ssize_t got = pread(file, bytes, sizeof bytes, 0);
    for (ssize_t i = 0; i < got; i++) {
        sum = mix(sum, bytes[i]);
    }
    return mix(sum, (unsigned long)(got - size));
}

static void holes(int file)
{
    for (off_t at = 0;;) {
        off_t data = lseek(file, at, SEEK_DATA);
        if (data < 0) {
            break;
        }
        off_t hole = lseek(file, data, SEEK_HOLE);
        printf(" %ld-%ld", (long)data, (long)hole);
        at = hole;
    }
}

int main(int argc, char **argv)
{
    unsigned steps = argc > 2 ? (unsigned)atoi(argv[2]) : 60;
    state = argc > 1 ? strtoull(argv[1], NULL, 0) : 1;
    signal(SIGBUS, on_signal);
    signal(SIGSEGV, on_signal);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    unlink(path);
    unsigned char *shared = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    unsigned char *mine = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    static unsigned char bytes[3 * PAGE];

    for (unsigned step = 0; step < steps; step++) {
        unsigned at = rnd(BYTES), length = 1 + rnd(rnd(2) ? 200 : sizeof bytes);
        unsigned char value = (unsigned char)(1 + rnd(255));
        unsigned kind = rnd(14);
        long result = 0;
        memset(bytes, value, sizeof bytes);
        errno = 0;
        switch (kind) {
        case 0: case 1: result = pwrite(file, bytes, length, at); break;
        case 2: lseek(file, at, SEEK_SET); result = write(file, bytes, length); break;
        case 3: result = ftruncate(file, rnd(4) ? (off_t)at : (off_t)(at & ~(PAGE - 1u))); break;
        case 4: result = fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, at, rnd(2) ? length : length * 8); break;
        case 5: result = fallocate(file, rnd(2) ? FALLOC_FL_KEEP_SIZE : 0, at, length); break;
        case 6: case 7: store(shared, at, value); result = caught; break;
        case 8: case 9: store(mine, at, value); result = caught; break;
        case 10: {
            unsigned page = at / PAGE, pages = 1 + rnd(3);
            result = madvise(shared + page * PAGE, PAGE * (page + pages > PAGES ? PAGES - page : pages), MADV_REMOVE);
            break;
        }
        case 11: result = madvise(mine + (at & ~(PAGE - 1u)), PAGE, rnd(2) ? MADV_DONTNEED : MADV_REMOVE); break;
        case 12: result = msync(shared, BYTES, MS_SYNC); break;
        default:
            fflush(stdout);
            if (fork() == 0) {
                store(shared, at, value);
                store(mine, at, (unsigned char)(value + 1));
                _exit(caught);
            }
            wait(&(int){0});
        }
        int error = errno;
        struct stat info;
        fstat(file, &info);
        printf("%u %u@%u+%u %ld/%d: size %ld blocks %ld sum %lx", step, kind, at, length, result, result < 0 ? error : 0,
               (long)info.st_size, (long)info.st_blocks, content(file, info.st_size));
        holes(file);
        if (rnd(3) == 0) {
            printf(" shared %lx private %lx", look(shared), look(mine));
        }
        putchar('\n');
    }
    return 0;
}
