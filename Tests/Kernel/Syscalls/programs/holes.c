/* Reads of pipes and stream sockets into buffers that end at a hole: what is taken, and what is left for the next read. */
#include "common.h"

static char sent[40000], got[40000];

static void left(int d)
{
    fcntl(d, F_SETFL, O_NONBLOCK);
    int r = read(d, got, sizeof got);
    if (r < 0) printf(", then %s\n", said(r));
    else printf(", then %d of %d to %d\n", r, (unsigned char)got[0], (unsigned char)got[r - 1]);
}

int main(void)
{
    static const int lengths[] = { 10, 100, 4096, 5000, 20000 }, rooms[] = { 0, 1, 50, 3200, 4096 };
    for (size_t i = 0; i < sizeof sent; i++) sent[i] = i / 100;
    for (int kind = 0; kind < 2; kind++) for (int l = 0; l < 5; l++) for (int r = 0; r < 5; r++) for (int how = 0; how < 5; how++) {
        /* A socket's message of several pages is one piece on Linux and one of each page here: docs/known-differences.md. */
        if (kind && rooms[r] == PAGE && lengths[l] > PAGE) continue;
        int ends[2], room = rooms[r], length = lengths[l], result;
        char *hole = edge();
        if (kind) socketpair(AF_UNIX, SOCK_STREAM, 0, ends); else { int p[2]; pipe(p); ends[0] = p[1]; ends[1] = p[0]; }
        write(ends[0], sent, length);
        write(ends[0], "zz", 2);
        struct iovec v[3] = { { got, how == 3 ? 5 : 20 }, { hole - room, room }, { hole, length } };
        switch (how) {
        case 0: result = read(ends[1], hole - room, length + 10); break;
        case 1: result = kind ? recv(ends[1], hole - room, length + 10, 0) : read(ends[1], hole - room, length); break;
        case 2: result = readv(ends[1], v + 1, 2); break;
        case 3: result = readv(ends[1], v, 2); break;
        case 4: result = readv(ends[1], v, 3); break;
        }
        printf("%s of %d into %d by %d: %s", kind ? "socket" : "pipe", length, room, how, said(result));
        left(ends[1]);
        close(ends[0]); close(ends[1]); munmap(hole - PAGE, PAGE);
    }
    return 0;
}
