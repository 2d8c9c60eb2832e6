/*
 * shared-buffer - a circular buffer far larger than memory, in a file that a producer and a consumer share.
 *
 * The buffer is mapped whole, so that neither side has to care where it wraps, but only what lies between the two is data. The
 * consumer marks each chunk volatile once it is read; the producer, another process, takes the mark away before it writes there
 * again. So the memory in use follows the need: what is empty goes when memory runs short, and costs nothing to keep until then.
 * Without the marks this run ends at the out-of-memory killer: memory of a shared file has nowhere to go.
 *
 * Watch: marks set by one process and cleared by another, and whole ranges purged, the oldest first (--trace reclaim).
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
#include "mmuemu.h"

enum { PAGE = 4096, CHUNK = 16 * PAGE, CHUNKS = 256, LAPS = 3, AHEAD = 4 };

/* What a chunk holds says which one it is, so that stale data and lost data both show. */
static unsigned stamp(int number, int offset)
{
    return (unsigned)number * 2654435761u + (unsigned)offset;
}

static int produce(char *buffer, int full, int empty)
{
    int lost = 0, errors = 0;
    for (int number = 0; number < LAPS * CHUNKS; number++) {
        char credit;
        if (number >= AHEAD && read(empty, &credit, 1) != 1) {
            return 1;
        }
        char *chunk = buffer + (long)(number % CHUNKS) * CHUNK;
        int purged = 0;
        errors += vrange(chunk, CHUNK, VRANGE_NONVOLATILE, &purged) != CHUNK;
        lost += purged;
        for (int i = 0; i < CHUNK; i += 512) {
            *(unsigned *)(chunk + i) = stamp(number, i);
        }
        errors += write(full, &number, sizeof number) != sizeof number;
    }
    printf("producer: %d chunks written, of those it wrote over some had been purged: %s, errors %d\n", LAPS * CHUNKS, lost > 0 ? "yes" : "no", errors);
    fflush(stdout);
    return errors != 0;
}

static int consume(char *buffer, int full, int empty)
{
    int number, right = 0, wrong = 0, errors = 0;
    while (read(full, &number, sizeof number) == sizeof number) {
        char *chunk = buffer + (long)(number % CHUNKS) * CHUNK;
        int bad = 0;
        for (int i = 0; i < CHUNK; i += 512) {
            bad += *(unsigned *)(chunk + i) != stamp(number, i);
        }
        right += bad == 0;
        wrong += bad != 0;
        errors += vrange(chunk, CHUNK, VRANGE_VOLATILE, NULL) != CHUNK;
        errors += number + AHEAD < LAPS * CHUNKS && write(empty, "", 1) != 1;
    }
    printf("consumer: %d chunks right, %d wrong, errors %d\n", right, wrong, errors);
    return wrong + errors != 0;
}

int main(void)
{
    mmuemu_require();
    int file = memfd_create("buffer", 0), full[2], empty[2];
    if (file < 0 || ftruncate(file, (long)CHUNKS * CHUNK) != 0 || pipe(full) != 0 || pipe(empty) != 0) {
        return 2;
    }

    pid_t child = fork();
    char *buffer = mmap(NULL, (long)CHUNKS * CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (buffer == MAP_FAILED) {
        return 2;
    }
    if (child == 0) {
        close(full[0]);
        close(empty[1]);
        _exit(produce(buffer, full[1], empty[0]));
    }
    close(full[1]);
    close(empty[0]);
    int failed = consume(buffer, full[0], empty[1]), status;
    waitpid(child, &status, 0);
    return failed || status != 0;
}
