/*
 * tmpfs-calls - what the calls for files of memory answer: room set aside, holes, seals, mounts, shared memory by name.
 *
 * Each line is a call and its answer, an errno as its name. A real Linux answers the same, with glibc and with musl.
 *
 * Watch: which mount a path is on decides, not its folder (--strace).
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

/* Modes that one libc's headers have and another's have not. */
enum { SEAL_EXEC = 0x20, COLLAPSE_RANGE = 0x08, ZERO_RANGE = 0x10, INSERT_RANGE = 0x20 };

enum { PAGE = 4096 };

static const char *name(int error)
{
    static const struct { int number; const char *name; } names[] = {
        { EPERM, "EPERM" }, { EBADF, "EBADF" }, { ENOMEM, "ENOMEM" }, { EACCES, "EACCES" }, { EBUSY, "EBUSY" }, { EEXIST, "EEXIST" },
        { EXDEV, "EXDEV" }, { ENODEV, "ENODEV" }, { EISDIR, "EISDIR" }, { EINVAL, "EINVAL" }, { EFBIG, "EFBIG" }, { ENOSPC, "ENOSPC" },
        { ESPIPE, "ESPIPE" }, { ENXIO, "ENXIO" }, { EOPNOTSUPP, "EOPNOTSUPP" }, { ENOENT, "ENOENT" },
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names[i].number == error) {
            return names[i].name;
        }
    }
    return "another errno";
}

static void say(const char *what, long result)
{
    if (result < 0) {
        printf("%-44s %s\n", what, name(errno));
    } else {
        printf("%-44s %ld\n", what, result);
    }
}

static long mapped(void *address)
{
    return address == MAP_FAILED ? -1 : 0;
}

static long blocks(int file)
{
    struct stat info;
    fstat(file, &info);
    return (long)info.st_blocks;
}

static void room_and_holes(void)
{
    int file = open("/dev/shm/mmuemu-tmpfs-calls", O_RDWR | O_CREAT | O_TRUNC, 0600), pipes[2];
    say("fallocate 4 pages", fallocate(file, 0, 0, 4 * PAGE));
    say("  st_blocks", blocks(file));
    say("  SEEK_DATA: set aside is no data", lseek(file, 0, SEEK_DATA));
    say("  SEEK_HOLE", lseek(file, 0, SEEK_HOLE));
    say("pwrite into page 2", pwrite(file, "x", 1, 2 * PAGE + 7));
    say("  SEEK_DATA", lseek(file, 0, SEEK_DATA));
    say("  SEEK_HOLE", lseek(file, 2 * PAGE, SEEK_HOLE));
    say("  SEEK_DATA behind the data", lseek(file, 3 * PAGE, SEEK_DATA));
    say("  SEEK_HOLE at the end", lseek(file, 4 * PAGE, SEEK_HOLE));
    say("punch page 1 to 2", fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, 2 * PAGE));
    say("  st_blocks", blocks(file));
    say("keep size, 8 pages", fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 8 * PAGE));
    say("  st_blocks", blocks(file));
    say("punch without keep size", fallocate(file, FALLOC_FL_PUNCH_HOLE, 0, PAGE));
    say("zero a range", fallocate(file, ZERO_RANGE, 0, PAGE));
    say("collapse a range", fallocate(file, COLLAPSE_RANGE, 0, PAGE));
    say("insert a range", fallocate(file, INSERT_RANGE, 0, PAGE));
    say("unknown mode", fallocate(file, 0x4000, 0, PAGE));
    say("length 0", fallocate(file, 0, 0, 0));
    say("offset -1", fallocate(file, 0, -1, PAGE));
    say("beyond the largest file", fallocate(file, 0, 0x7FFFFFFFFFFFF000, 2 * PAGE));
    say("of a pipe", pipe(pipes) == 0 ? fallocate(pipes[1], 0, 0, PAGE) : 0);
    say("of /dev/null", fallocate(open("/dev/null", O_RDWR), 0, 0, PAGE));
    say("not open for writing", fallocate(open("/dev/shm/mmuemu-tmpfs-calls", O_RDONLY), 0, 0, PAGE));
    say("posix_fallocate", posix_fallocate(file, 0, 16 * PAGE));
    say("  st_blocks", blocks(file));

    char *shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *mine = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    char *seen = mmap(NULL, 4 * PAGE, PROT_READ, MAP_SHARED, open("/dev/shm/mmuemu-tmpfs-calls", O_RDONLY), 0);
    memset(shared, 's', 4 * PAGE);
    mine[PAGE] = 'm';
    say("MADV_REMOVE of page 1", madvise(shared + PAGE, PAGE, MADV_REMOVE));
    printf("  shared %d, other page %c, private %c\n", shared[PAGE], shared[2 * PAGE], mine[PAGE]);
    say("MADV_REMOVE of a private mapping", madvise(mine, PAGE, MADV_REMOVE));
    say("MADV_REMOVE of one that may not write", madvise(seen, PAGE, MADV_REMOVE));
    say("MADV_REMOVE of memory without a file", madvise(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), PAGE, MADV_REMOVE));
    char *anonymous = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    anonymous[0] = 'a';
    say("MADV_REMOVE of shared memory", madvise(anonymous, PAGE, MADV_REMOVE));
    printf("  then %d\n", anonymous[0]);
    mlock(shared, PAGE);
    say("MADV_REMOVE of locked memory", madvise(shared, PAGE, MADV_REMOVE));
    unlink("/dev/shm/mmuemu-tmpfs-calls");
}

static void seals(void)
{
    static const char bytes[2 * PAGE];
    int plain = memfd_create("plain", 0), file = memfd_create("sealed", MFD_ALLOW_SEALING);
    say("seals of a memfd", fcntl(plain, F_GET_SEALS));
    say("more for it", fcntl(plain, F_ADD_SEALS, F_SEAL_GROW));
    say("seals of one that allows them", fcntl(file, F_GET_SEALS));
    say("unknown seal", fcntl(file, F_ADD_SEALS, 0x1000));
    say("seals of a pipe", ({ int pipes[2]; pipe(pipes) ? 0 : fcntl(pipes[0], F_GET_SEALS); }));
    ftruncate(file, PAGE);
    say("F_SEAL_SHRINK", fcntl(file, F_ADD_SEALS, F_SEAL_SHRINK));
    say("  cut", ftruncate(file, 10));
    say("  grow", ftruncate(file, PAGE + 10));
    say("F_SEAL_GROW", fcntl(file, F_ADD_SEALS, F_SEAL_GROW));
    say("  grow", ftruncate(file, 2 * PAGE));
    say("  write over the end", pwrite(file, bytes, PAGE, 4000));
    say("  write inside", pwrite(file, bytes, 10, PAGE));
    say("  write from the end", pwrite(file, bytes, 10, PAGE + 10));
    say("  fallocate", fallocate(file, 0, 0, 4 * PAGE));
    say("  fallocate, keep size", fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 4 * PAGE));
    char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    say("F_SEAL_WRITE, mapped", fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    say("F_SEAL_FUTURE_WRITE, mapped", fcntl(file, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
    shared[0] = 'w';
    say("  write", pwrite(file, bytes, 10, 0));
    say("  punch", fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
    say("  map to write", mapped(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)));
    char *seen = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, file, 0);
    say("  map to read", mapped(seen));
    say("  let that write", mprotect(seen, PAGE, PROT_READ | PROT_WRITE));
    say("  map privately to write", mapped(mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0)));
    munmap(shared, PAGE);
    say("F_SEAL_WRITE", fcntl(file, F_ADD_SEALS, F_SEAL_WRITE));
    say("F_SEAL_SEAL", fcntl(file, F_ADD_SEALS, F_SEAL_SEAL));
    say("more", fcntl(file, F_ADD_SEALS, F_SEAL_GROW));
    say("seals now", fcntl(file, F_GET_SEALS));
    int quiet = memfd_create("quiet", MFD_NOEXEC_SEAL), run = memfd_create("run", MFD_ALLOW_SEALING);
    say("MFD_NOEXEC_SEAL", fcntl(quiet, F_GET_SEALS));
    say("  let it be executed", fchmod(quiet, 0777));
    say("  read only", fchmod(quiet, 0444));
    say("F_SEAL_EXEC of a file to execute", fcntl(run, F_ADD_SEALS, SEAL_EXEC));
    say("  seals", fcntl(run, F_GET_SEALS));
    say("unknown flag", memfd_create("x", 0x100));
    static char longest[252];
    memset(longest, 'n', 250);
    say("a name of 250 bytes", memfd_create(longest, 0));
}

static unsigned long type(const char *path)
{
    struct statfs room;
    return statfs(path, &room) == 0 ? (unsigned long)room.f_type : 0;
}

static void names(void)
{
    int file = shm_open("/mmuemu-tmpfs-calls", O_RDWR | O_CREAT | O_EXCL, 0600);
    say("shm_open is a file", file >= 0 ? 0 : -1);
    say("shm_open again", shm_open("/mmuemu-tmpfs-calls", O_RDWR | O_CREAT | O_EXCL, 0600));
    ftruncate(file, PAGE);
    char *one = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    char *other = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, shm_open("/mmuemu-tmpfs-calls", O_RDONLY, 0), 0);
    strcpy(one, "seen by both");
    printf("  %s\n", other);
    printf("/dev/shm %lx, /proc %lx\n", type("/dev/shm"), type("/proc"));
    say("rename to another mount", rename("/dev/shm/mmuemu-tmpfs-calls", "/mmuemu-tmpfs-calls"));
    say("link to another mount", link("/dev/shm/mmuemu-tmpfs-calls", "/mmuemu-tmpfs-calls"));
    say("rename on the same", rename("/dev/shm/mmuemu-tmpfs-calls", "/dev/shm/mmuemu-tmpfs-moved"));
    say("remove a mount point", rmdir("/dev/shm"));
    struct stat here, there;
    stat("/dev/shm", &here);
    stat("/dev/shm/mmuemu-tmpfs-moved", &there);
    printf("one device: %d, not the root's: %d\n", here.st_dev == there.st_dev, stat("/", &here) == 0 && here.st_dev != there.st_dev);

    /* Lines of maps: device and inode are those of stat, and a name that is gone is marked. */
    for (int gone = 0; gone < 2; gone++) {
        char line[512], *found = NULL;
        unsigned long start, inode = 0;
        unsigned major = 0, minor = 0;
        FILE *maps = fopen("/proc/self/maps", "r");
        while (fgets(line, sizeof line, maps)) {
            if (sscanf(line, "%lx-%*x %*s %*x %x:%x %lu", &start, &major, &minor, &inode) == 4 && start == (unsigned long)one) {
                found = strchr(line, '/');
                break;
            }
        }
        fclose(maps);
        printf("maps: device %d, inode %d, %s", (major << 8 | minor) == there.st_dev, inode == there.st_ino, found ? found : "no line\n");
        shm_unlink("/mmuemu-tmpfs-moved");
    }
    say("shm_open of what is gone", shm_open("/mmuemu-tmpfs-moved", O_RDWR, 0));
    printf("  %s\n", other);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    room_and_holes();
    seals();
    names();
    return 0;
}
