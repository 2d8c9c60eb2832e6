/* How far reads and writes go when a buffer ends in a hole: files to the byte, pipes and sockets in whole pieces. */
#include "common.h"

static int left(int fd) { int bytes = -1; ioctl(fd, FIONREAD, &bytes); return bytes; }

static void pipes(void)
{
    static char bytes[3 * PAGE];
    char *e = edge();
    int p[2];
    if (pipe2(p, O_NONBLOCK)) exit(7);
    SHOW(write(p[1], bytes, 300));
    SHOW(read(p[0], e - 100, 300)); printf("left %d\n", left(p[0]));
    SHOW(read(p[0], e - 100, 100)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], bytes, 2 * PAGE + 10)); printf("left %d\n", left(p[0]));
    SHOW(read(p[0], e - PAGE, 3 * PAGE)); printf("left %d\n", left(p[0]));
    SHOW(read(p[0], bytes, sizeof bytes)); printf("left %d\n", left(p[0]));
    SHOW(read(p[0], bytes, sizeof bytes)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], e - 6, 20)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], e - PAGE, 2 * PAGE)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], e - PAGE + 1, 2 * PAGE)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], e, 1)); printf("left %d\n", left(p[0]));
    int writes = 0;
    while (write(p[1], bytes, 2049) > 0) writes++;
    printf("%d writes of 2049 bytes, %d bytes\n", writes, left(p[0]));
    SHOW(write(p[1], bytes, 1));
    SHOW(read(p[0], bytes, 1));
    SHOW(write(p[1], bytes, 1));
    SHOW(read(p[0], bytes, PAGE));
    SHOW(write(p[1], bytes, 1)); printf("left %d\n", left(p[0]));
    SHOW(write(p[1], (void *)0xffff800000000000, 1));
    SHOW(read(p[0], (void *)0xffff800000000000, 1)); printf("left %d\n", left(p[0]));
}

static void sockets(void)
{
    char bytes[200], *e = edge();
    int s[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, s)) exit(6);
    SHOW(write(s[0], e - 50, 100)); printf("left %d\n", left(s[1]));
    SHOW(write(s[0], bytes, 200)); printf("left %d\n", left(s[1]));
    SHOW(read(s[1], e - 50, 100)); printf("left %d\n", left(s[1]));
    SHOW(read(s[1], e - 50, 50)); printf("left %d\n", left(s[1]));
}

static void files(void)
{
    char bytes[PAGE], *e = edge();
    int f = memfd_create("file", 0), n = open("/dev/null", O_RDWR);
    memset(bytes, 'q', sizeof bytes);
    SHOW(write(f, bytes, PAGE));
    SHOW(pread(f, e - 100, 200, 0));
    SHOW(pread(f, e, 10, 0));
    SHOW(pwrite(f, e - 100, 200, 0));
    SHOW(read(f, e, 10));
    SHOW(read(f, (void *)0xffff800000000000, 10));
    SHOW(pread(f, (void *)0xffff800000000000, 10, 1 << 20));
    SHOW(write(f, (void *)0x7ffffffff000, 0));
    SHOW(write(f, (void *)0x7ffffffff001, 0));
    SHOW(read(n, (void *)0xffff800000000000, 10));
    SHOW(write(n, e, 10));
    struct iovec good[2] = { { bytes, 10 }, { e, 10 } }, bad[2] = { { e, 10 }, { bytes, 10 } }, far[2] = { { bytes, 10 }, { (void *)0xffff800000000000, 10 } };
    SHOW(preadv(f, good, 2, 0)); SHOW(preadv(f, bad, 2, 0)); SHOW(preadv(f, good, 2, -5)); SHOW(preadv(f, good, 1, 4090)); SHOW(preadv(f, good, -1, 0));
    SHOW(pwritev(f, good, 2, 5000)); SHOW(pwritev(f, bad, 2, 0)); SHOW(lseek(f, 0, SEEK_CUR)); SHOW(lseek(f, 0, SEEK_END));
    SHOW(readv(f, far, 2)); SHOW(writev(f, far, 2)); SHOW(lseek(f, 0, SEEK_CUR));
    SHOW(pwritev2(f, good, 1, -1, 0)); SHOW(lseek(f, 0, SEEK_CUR)); SHOW(pwritev2(f, good, 1, 3, RWF_APPEND)); SHOW(lseek(f, 0, SEEK_END));
    SHOW(preadv2(f, good, 1, -1, RWF_SYNC)); SHOW(preadv2(f, good, 1, 0, 1 << 20)); SHOW(preadv2(f, good, 1, 0, RWF_HIPRI | RWF_DSYNC));
    int p[2];
    if (pipe2(p, O_NONBLOCK)) exit(5);
    SHOW(preadv(p[0], good, 1, 0)); SHOW(pwritev2(p[1], good, 1, -1, 0)); SHOW(preadv2(p[0], good, 1, -1, 0)); SHOW(preadv(p[1], good, 1, 0)); SHOW(preadv2(p[1], good, 1, -1, 0));
}

int main(void) { pipes(); sockets(); files(); return 0; }
