/* flock, and fcntl's locks of processes and of descriptions: who excludes whom, what is left of what, who waits, who is told of a deadlock. */
#include "common.h"
#include <pthread.h>
#include <sched.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>

static char path[] = "/tmp/locks-XXXXXX";
static int fd, parent;

static struct flock lock_of(int type, int whence, long start, long length, int pid)
{
    struct flock l = { .l_type = type, .l_whence = whence, .l_start = start, .l_len = length, .l_pid = pid };
    return l;
}

static int set_in(int d, int command, int type, int whence, long start, long length, int pid) { struct flock l = lock_of(type, whence, start, length, pid); return fcntl(d, command, &l); }
static int set(int type, long start, long length) { return set_in(fd, F_SETLK, type, SEEK_SET, start, length, 0); }
static const char *type_of(int type) { return type == F_RDLCK ? "read" : type == F_WRLCK ? "write" : type == F_UNLCK ? "unlock" : "?"; }
static const char *who(int pid) { return pid == parent ? "parent" : pid == getpid() ? "self" : pid == -1 ? "-1" : pid == 0 ? "0" : "another"; }

static void get_in(const char *text, int d, int command, int type, long start, long length)
{
    struct flock l = lock_of(type, SEEK_SET, start, length, 0);
    int r = fcntl(d, command, &l);
    printf("%s: %s", text, said(r));
    printf(r ? "\n" : " %s whence %d %ld+%ld %s\n", type_of(l.l_type), l.l_whence, (long)l.l_start, (long)l.l_len, who(l.l_pid));
}

/* The lines about our file, without what differs from host to host. */
static int lines(const char *name, const char *title)
{
    struct stat s;
    fstat(fd, &s);
    FILE *f = fopen(name, "r");
    char line[256];
    int waiting = 0;
    if (title) printf("%s\n", title);
    while (fgets(line, sizeof line, f)) {
        char *at = strchr(line, ':') , mark[16] = "", kind[16], how[16], mode[16], last[32];
        int number, pid, used = 0;
        unsigned long inode, first;
        if (!strncmp(line, "lock:", 5)) at = strchr(line + 6, ':');
        else if (strchr("pfmi", line[0])) { if (title && line[0] != 'm' && line[0] != 'i') printf("  %s", line); continue; }
        char *arrow = strstr(at, "-> ");
        if (arrow) { used = arrow - at - 1; at = arrow + 2; }
        if (sscanf(at + 1, "%15s %15s %15s %d %*x:%*x:%lu %lu %31s", kind, how, mode, &pid, &inode, &first, last) != 7) { printf("? %s", line); continue; }
        if (inode != s.st_ino) continue;
        waiting += arrow != 0;
        if (title) printf("  %*s%s%s %s %s %s %lu %s\n", used, "", arrow ? "-> " : "", kind, how, mode, who(pid), first, last);
    }
    fclose(f);
    fflush(stdout);
    return waiting;
}

static void until_waiting(int count) { while (lines("/proc/locks", 0) < count) usleep(1000); }
static int reopened(int flags) { return open(path, flags); }

/* Runs a part in a child, and goes on when it has ended. */
#define CHILD(...) do { fflush(stdout); int p = fork(); if (!p) { __VA_ARGS__; fflush(stdout); _exit(0); } waitpid(p, 0, 0); } while (0)

static void flocks(void)
{
    int other = reopened(O_RDONLY), same = dup(fd), only_path = open(path, O_PATH);
    puts("flock");
    SHOW(flock(fd, 0)); SHOW(flock(fd, LOCK_SH | LOCK_EX)); SHOW(flock(fd, LOCK_NB)); SHOW(flock(-1, LOCK_EX)); SHOW(flock(-1, 77)); SHOW(flock(fd, 32 | 64));
    SHOW(flock(only_path, LOCK_UN)); SHOW(fcntl(only_path, F_SETFL, 0)); SHOW(set_in(only_path, F_SETLK, F_UNLCK, 0, 0, 0, 0));
    SHOW(flock(fd, LOCK_UN));
    SHOW(flock(fd, LOCK_SH)); SHOW(flock(other, LOCK_SH)); SHOW(flock(other, LOCK_EX | LOCK_NB)); SHOW(flock(fd, LOCK_EX | LOCK_NB));
    SHOW(flock(same, LOCK_UN)); SHOW(flock(other, LOCK_EX | LOCK_NB)); SHOW(flock(same, LOCK_SH | LOCK_NB)); SHOW(flock(other, LOCK_SH)); SHOW(flock(same, LOCK_SH | LOCK_NB));
    puts("what is to be made exclusive is lost when it cannot be");
    SHOW(flock(fd, LOCK_EX | LOCK_NB)); SHOW(flock(other, LOCK_EX | LOCK_NB)); SHOW(flock(fd, LOCK_SH | LOCK_NB));
    close(other);
    SHOW(flock(fd, LOCK_EX | LOCK_NB));
    CHILD(int mine = reopened(O_RDWR); SHOW(flock(fd, LOCK_EX | LOCK_NB)); SHOW(flock(mine, LOCK_EX | LOCK_NB)); SHOW(flock(fd, LOCK_UN)); SHOW(flock(mine, LOCK_EX | LOCK_NB)));
    other = reopened(O_RDWR);
    SHOW(flock(other, LOCK_EX | LOCK_NB));
    int third = dup(other);
    close(other);
    SHOW(flock(fd, LOCK_EX | LOCK_NB));
    SHOW(dup2(same, third) == third); SHOW(flock(fd, LOCK_EX | LOCK_NB));
    puts("records are something else");
    CHILD(SHOW(set_in(reopened(O_RDWR), F_SETLK, F_WRLCK, 0, 0, 0, 0)));
    SHOW(flock(fd, LOCK_UN));
    close(same); close(third); close(only_path);
    int ends[2];
    pipe(ends);
    SHOW(flock(ends[0], LOCK_EX)); SHOW(flock(ends[1], LOCK_EX | LOCK_NB)); SHOW(set_in(ends[0], F_SETLK, F_RDLCK, 0, 0, 0, 0)); SHOW(set_in(ends[0], F_SETLK, F_WRLCK, 0, 0, 0, 0));
    SHOW(fcntl(ends[0], F_GETFL)); SHOW(fcntl(ends[1], F_GETFL));
}

static void errnos(void)
{
    const long most = 0x7fffffffffffffff;
    int reader = reopened(O_RDONLY), writer = reopened(O_WRONLY);
    puts("errnos of records");
    SHOW(set_in(-1, F_SETLK, F_WRLCK, 0, 0, 0, 0)); SHOW(fcntl(fd, F_SETLK, edge())); SHOW(fcntl(fd, F_GETLK, edge())); SHOW(fcntl(fd, F_SETLK, edge() - 8));
    SHOW(set_in(fd, F_SETLK, 3, 0, 0, 0, 0)); SHOW(set_in(fd, F_SETLK, -1, 0, 0, 0, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 3, 0, 0, 0)); SHOW(set_in(fd, F_SETLK, 3, 3, 0, 0, 0));
    SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, -1, 0, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 5, -6, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 5, -5, 0));
    SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 0, most, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 1, most, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 2, most, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, most, 1, 0));
    SHOW(set_in(fd, F_SETLK, F_WRLCK, 2, most, 0, 0)); SHOW(set_in(fd, F_SETLK, 9, 2, most, 0, 0)); SHOW(set_in(fd, F_SETLK, 9, 0, -1, 0, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, 2, -101, 0, 0));
    SHOW(set_in(reader, F_SETLK, F_RDLCK, 0, 0, 0, 0)); SHOW(set_in(reader, F_SETLK, F_WRLCK, 0, 0, 0, 0)); SHOW(set_in(writer, F_SETLK, F_RDLCK, 0, 0, 0, 0)); SHOW(set_in(writer, F_SETLK, F_WRLCK, 0, 0, 0, 0));
    SHOW(set_in(reader, F_SETLK, F_UNLCK, 0, 0, 0, 0)); SHOW(set_in(fd, F_GETLK, F_UNLCK, 0, 0, 0, 0)); SHOW(set_in(fd, F_GETLK, 7, 0, 0, 0, 0)); SHOW(set_in(writer, F_GETLK, F_RDLCK, 0, 0, 0, 0));
    SHOW(set_in(fd, F_OFD_SETLK, F_WRLCK, 0, 0, 0, 1)); SHOW(set_in(fd, F_OFD_SETLKW, F_WRLCK, 0, 0, 0, 1)); SHOW(set_in(fd, F_OFD_GETLK, F_WRLCK, 0, 0, 0, 1)); SHOW(set_in(reader, F_OFD_SETLK, F_WRLCK, 0, 0, 0, 1));
    SHOW(set_in(fd, 12, F_WRLCK, 0, 0, 0, 0)); SHOW(set_in(fd, 13, F_WRLCK, 0, 0, 0, 0)); SHOW(set_in(fd, 39, F_WRLCK, 0, 0, 0, 0));
    close(reader); close(writer);
}

static void ranges(void)
{
    puts("ranges");
    SHOW(set(F_WRLCK, 10, 20)); SHOW(set(F_UNLCK, 15, 5)); lines("/proc/self/fdinfo/3", "a hole");
    SHOW(set(F_WRLCK, 15, 5)); lines("/proc/self/fdinfo/3", "filled");
    SHOW(set(F_RDLCK, 12, 4)); lines("/proc/self/fdinfo/3", "its middle for reading");
    SHOW(set(F_RDLCK, 16, 4)); SHOW(set(F_RDLCK, 8, 2)); lines("/proc/self/fdinfo/3", "touching");
    SHOW(set(F_WRLCK, 12, 4)); lines("/proc/self/fdinfo/3", "for writing again");
    SHOW(set(F_RDLCK, 0, 0)); lines("/proc/self/fdinfo/3", "all for reading");
    SHOW(set(F_UNLCK, 100, 0)); SHOW(set_in(fd, F_SETLK, F_WRLCK, SEEK_END, -10, 4, 0)); lseek(fd, 50, SEEK_SET); SHOW(set_in(fd, F_SETLK, F_WRLCK, SEEK_CUR, 0, -3, 0));
    lines("/proc/self/fdinfo/3", "from the end, and before the position"); lines("/proc/locks", "of all");
    CHILD(puts("a child has none of them, and sees them");
        get_in("read at 20", fd, F_GETLK, F_RDLCK, 20, 5); get_in("write at 20", fd, F_GETLK, F_WRLCK, 20, 5); get_in("read at 48", fd, F_GETLK, F_RDLCK, 40, 20); get_in("write at 96", fd, F_GETLK, F_WRLCK, 96, 100);
        SHOW(set(F_RDLCK, 0, 10)); SHOW(set(F_WRLCK, 0, 10)); SHOW(set(F_RDLCK, 45, 10)); SHOW(set(F_WRLCK, 100, 0)); SHOW(set(F_UNLCK, 0, 0)));
    get_in("own", fd, F_GETLK, F_WRLCK, 0, 0);
    puts("closing any descriptor of the file");
    close(reopened(O_RDONLY));
    lines("/proc/locks", "after it");
    SHOW(set(F_WRLCK, 1, 1));
    int twin = dup(fd), away = open("/dev/null", O_RDONLY);
    SHOW(dup2(away, twin) == twin); lines("/proc/locks", "after dup2 over one");
    close(twin); close(away);
}

static void descriptions(void)
{
    int other = reopened(O_RDWR), same = dup(fd);
    puts("descriptions");
    SHOW(set_in(fd, F_OFD_SETLK, F_WRLCK, 0, 10, 10, 0)); SHOW(set_in(same, F_OFD_SETLK, F_RDLCK, 0, 15, 10, 0)); SHOW(set_in(other, F_OFD_SETLK, F_WRLCK, 0, 12, 1, 0));
    SHOW(set_in(fd, F_SETLK, F_WRLCK, 0, 12, 1, 0)); SHOW(set_in(fd, F_SETLK, F_RDLCK, 0, 16, 1, 0)); SHOW(set_in(fd, F_SETLKW, F_RDLCK, 0, 17, 1, 0));
    lines("/proc/self/fdinfo/3", "by one descriptor"); lines("/proc/locks", "of all");
    get_in("process", fd, F_GETLK, F_WRLCK, 0, 0); get_in("other", other, F_OFD_GETLK, F_WRLCK, 0, 0); get_in("own", fd, F_OFD_GETLK, F_UNLCK, 12, 20); get_in("other's own", other, F_OFD_GETLK, F_UNLCK, 12, 20);
    CHILD(SHOW(set_in(fd, F_OFD_SETLK, F_UNLCK, 0, 10, 2, 0)); close(fd); close(same));
    lines("/proc/locks", "a child has given up two bytes");
    close(same);
    lines("/proc/locks", "closing a descriptor takes the process's only");
    SHOW(set_in(other, F_OFD_SETLK, F_WRLCK, 0, 0, 10, 0)); close(other); SHOW(set_in(fd, F_OFD_SETLK, F_UNLCK, 0, 0, 0, 0)); lines("/proc/locks", "none");
}

static int go[2], told[2];
static void on_alarm(int s) { }
static void handles(int flags) { struct sigaction a = { .sa_handler = on_alarm, .sa_flags = flags }; sigaction(SIGALRM, &a, 0); sigaction(SIGUSR1, &a, 0); }

static void waits(void)
{
    puts("waits");
    flock(fd, LOCK_EX);
    for (int i = 0; i < 3; i++) {
        fflush(stdout);
        if (!fork()) { int mine = reopened(O_RDWR); SHOW(flock(mine, LOCK_EX)); printf("flock %d\n", i); fflush(stdout); _exit(0); }
        until_waiting(i + 1);
    }
    lines("/proc/locks", "three wait in turn");
    flock(fd, LOCK_UN);
    while (wait(0) > 0) ;
    set(F_WRLCK, 0, 100);
    static const struct { int type; long start; } asked[] = { { F_WRLCK, 0 }, { F_RDLCK, 5 }, { F_RDLCK, 5 }, { F_WRLCK, 50 } };
    for (int i = 0; i < 4; i++) {
        fflush(stdout);
        if (!fork()) { int r = set_in(fd, F_SETLKW, asked[i].type, 0, asked[i].start, 20, 0); printf("record %s %s\n", type_of(asked[i].type), said(r)); fflush(stdout); usleep(20000 * (i + 1)); _exit(0); }
        until_waiting(i + 1);
    }
    lines("/proc/locks", "four wait, two of them behind the first");
    set(F_UNLCK, 50, 50);
    usleep(50000);
    lines("/proc/locks", "the fourth has it, and ends soon");
    set(F_UNLCK, 0, 0);
    while (wait(0) > 0) ;
    puts("signals");
    set(F_WRLCK, 0, 0); flock(fd, LOCK_EX);
    for (int kind = 0; kind < 4; kind++) CHILD(
        int mine = reopened(O_RDWR); handles(kind & 1 ? SA_RESTART : 0);
        fflush(stdout);
        int self = getpid(), killer = fork();
        if (!killer) { until_waiting(1); kill(self, SIGUSR1); usleep(20000); if (kind & 1) { printf("waits still: %d\n", lines("/proc/locks", 0)); fflush(stdout); kill(self, SIGKILL); } _exit(0); }
        int r = kind & 2 ? flock(mine, LOCK_EX) : set_in(mine, F_SETLKW, F_RDLCK, 0, 0, 1, 0);
        printf("interrupted %d: %s\n", kind, said(r));
        wait(0));
    while (lines("/proc/locks", 0) > 0) usleep(1000);
    set(F_UNLCK, 0, 0); flock(fd, LOCK_UN);
}

/* A ring of processes: each has a byte, and waits for the next one's; the last closes it. */
static void ring(int count)
{
    int pids[16], r = 0;
    for (int i = 0; i < count - 1; i++) {
        fflush(stdout);
        if (!(pids[i] = fork())) { set(F_WRLCK, i, 1); write(told[1], "", 1); char c; read(go[0], &c, 1); r = set_in(fd, F_SETLKW, F_WRLCK, 0, i + 1, 1, 0); pause(); _exit(0); }
        char c;
        read(told[0], &c, 1);
    }
    set(F_WRLCK, count - 1, 1);
    for (int i = 0; i < count - 1; i++) { write(go[1], "", 1); until_waiting(i + 1); }
    handles(0);
    ualarm(300000, 0);
    r = set_in(fd, F_SETLKW, F_WRLCK, 0, 0, 1, 0);
    printf("a ring of %d: %s\n", count, said(r));
    ualarm(0, 0);
    for (int i = 0; i < count - 1; i++) { kill(pids[i], SIGKILL); waitpid(pids[i], 0, 0); }
    set(F_UNLCK, 0, 0);
}

static void *in_thread(void *d)
{
    SHOW(set(F_WRLCK, 0, 10));
    get_in("a thread's own process", fd, F_GETLK, F_WRLCK, 0, 10);
    close(dup(fd));
    return 0;
}

static void *waits_in_thread(void *d) { int r = set_in((int)(long)d, F_SETLKW, F_WRLCK, 0, 0, 1, 0); printf("its descriptor is another file's by now: %s\n", said(r)); return 0; }

static void threads(void)
{
    pthread_t t;
    puts("threads");
    SHOW(set(F_RDLCK, 5, 10));
    pthread_create(&t, 0, in_thread, 0);
    pthread_join(t, 0);
    lines("/proc/locks", "a thread has closed a descriptor");
    fflush(stdout);
    int p = fork();
    if (!p) { set(F_WRLCK, 0, 1); write(told[1], "", 1); char c; read(go[0], &c, 1); _exit(0); }
    char c;
    read(told[0], &c, 1);
    int mine = reopened(O_RDWR);
    pthread_create(&t, 0, waits_in_thread, (void *)(long)mine);
    until_waiting(1);
    dup2(go[0], mine);
    write(go[1], "", 1);
    pthread_join(t, 0);
    waitpid(p, 0, 0);
    lines("/proc/locks", "none");
    close(mine);
}

int main(int argc, char **argv)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(0, &one);
    sched_setaffinity(0, sizeof one, &one);
    parent = getpid();
    if (argc > 1) {
        strcpy(path, argv[1]);
        fd = 3;
        lines("/proc/locks", "kept by execve");
        unlink(path);
        return 0;
    }

    fd = mkstemp(path);
    ftruncate(fd, 100);
    pipe(go); pipe(told);
    flocks(); errnos(); ranges(); descriptions(); waits();
    ring(2); ring(3); ring(12); ring(13);
    threads();
    SHOW(set(F_WRLCK, 7, 7)); SHOW(flock(fd, LOCK_SH));
    fflush(stdout);
    execl("/proc/self/exe", argv[0], path, (char *)0);
    return 1;
}
