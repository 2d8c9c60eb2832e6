using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Guests;

namespace MmuEmu.Tests.Kernel.Syscalls;

/// <summary>Numbers that proposals claim mean Linux's calls to a program that declares nothing: it prints what it prints on the host.</summary>
public sealed class LinuxMeaningTests : IDisposable
{
    private const string Source =
        """
        #define _GNU_SOURCE
        #include <errno.h>
        #include <fcntl.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/mman.h>
        #include <sys/stat.h>
        #include <sys/syscall.h>
        #include <sys/wait.h>
        #include <unistd.h>

        enum { PAGE = 4096 };
        static const char *name(long r) { static char text[32]; if (r >= 0) { sprintf(text, "%ld", r); return text; } return strerrorname_np(errno); }
        #define SHOW(call) printf("%-52s %s\n", #call, name(call))
        #define CHILD(body) do { fflush(stdout); if (fork() == 0) { body; fflush(stdout); _exit(0); } wait(0); } while (0)
        static long ren(const char *a, const char *b, unsigned flags) { return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, flags); }
        static long setattr(int pid, void *attr, unsigned flags) { return syscall(SYS_sched_setattr, pid, attr, flags); }
        static void put(const char *path, const char *text) { int f = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0600); if (write(f, text, strlen(text)) < 0) exit(3); close(f); }
        static const char *get(const char *path) { static char text[64]; memset(text, 0, 64); int f = open(path, O_RDONLY); if (f < 0) return strerrorname_np(errno); if (read(f, text, 63) < 0) strcpy(text, strerrorname_np(errno)); close(f); return text; }

        static void memory(void)
        {
            char *p = mmap(0, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            memset(p, 1, 4 * PAGE);
            SHOW(madvise(p, 3 * PAGE, 18));
            SHOW(madvise(p + 2 * PAGE, PAGE, 19));
            p[1] = 5;
            CHILD({
                printf("child %d %d %d %d\n", p[0] + p[1], p[PAGE], p[2 * PAGE], p[3 * PAGE]);
                p[0] = 8;
                CHILD(printf("grandchild %d %d\n", p[0], p[2 * PAGE]));
                SHOW(madvise(p, PAGE, 19));
                CHILD(printf("grandchild %d\n", p[0]));
            });
            printf("parent %d %d\n", p[0], p[1]);
            char *s = mmap(0, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
            int self = open("/proc/self/exe", O_RDONLY);
            char *f = mmap(0, PAGE, PROT_READ, MAP_PRIVATE, self, 0);
            SHOW(madvise(s, PAGE, 18));
            SHOW(madvise(s, PAGE, 19));
            SHOW(madvise(f, PAGE, 18));
            SHOW(madvise(f, PAGE, 19));
            SHOW(madvise(p + 1, PAGE, 18));
            SHOW(madvise(p, PAGE, 5));
            munmap(p + PAGE, PAGE);
            SHOW(madvise(p, 4 * PAGE, 18));
            CHILD(printf("child past a hole %d %d\n", p[0], p[3 * PAGE]));
        }

        static void names(void)
        {
            char folder[] = "/tmp/renXXXXXX";
            if (!mkdtemp(folder) || chdir(folder)) exit(2);
            put("a", "A"); put("b", "B"); mkdir("d", 0700); put("d/x", "X"); mkdir("e", 0700); symlink("a", "l");
            SHOW(ren("a", "b", 1)); SHOW(ren("none", "b", 1)); SHOW(ren("none", "free", 1)); SHOW(ren("a", ".", 1)); SHOW(ren(".", "b", 1)); SHOW(ren("none", "d/.", 1));
            SHOW(ren("a", "c", 1)); printf("%s %s\n", get("a"), get("c"));
            SHOW(ren("b", "c", 2)); printf("%s %s\n", get("b"), get("c"));
            SHOW(ren("b", "d", 2)); printf("%s %s %s\n", get("d"), get("b/x"), get("b"));
            SHOW(ren("b", "b/x", 2)); SHOW(ren("b/x", "b", 2)); SHOW(ren("b/x", "c", 2)); printf("%s %s\n", get("b/x"), get("c"));
            SHOW(ren("b", "none", 2)); SHOW(ren("none", "b", 2)); SHOW(ren("b", ".", 2)); SHOW(ren("c/", "d", 2)); SHOW(ren("c", "d/", 2)); SHOW(ren("b/", "e/", 2)); printf("%s\n", get("e/x"));
            SHOW(ren("l", "c", 2)); printf("%s\n", get("l"));
            SHOW(ren("d", "d", 2)); SHOW(ren("d", "d", 1));
            SHOW(ren("d", "q", 3)); SHOW(ren("d", "q", 6)); SHOW(ren("d", "q", 8)); SHOW(ren("d", "q", 0)); SHOW(ren((char *)8, "q", 1));
            if (system("rm -r \"$PWD\"") == -1) exit(4);
        }

        static void schedule(void)
        {
            struct { unsigned size, policy; unsigned long flags; int nice; unsigned priority; unsigned long runtime, deadline, period; unsigned low, high; char more[64]; } a = { 0 };
            if (setuid(65534)) errno = 0; /* without privilege; here there is none */
            a.size = 48;
            SHOW(setattr(0, &a, 0)); SHOW(setattr(getpid(), &a, 0)); SHOW(setattr(0, 0, 0)); SHOW(setattr(-1, &a, 0)); SHOW(setattr(0, &a, 1)); SHOW(setattr(0, (void *)16, 0)); SHOW(setattr(999999, &a, 0));
            a.policy = 3; SHOW(setattr(0, &a, 0)); a.policy = 0;
            a.policy = 99; SHOW(setattr(0, &a, 0)); a.policy = -1; SHOW(setattr(0, &a, 0)); a.policy = 0;
            a.priority = 1; SHOW(setattr(0, &a, 0)); a.priority = 0; a.policy = 1; SHOW(setattr(0, &a, 0)); a.priority = 100; SHOW(setattr(0, &a, 0)); a.priority = a.policy = 0;
            a.policy = 6; SHOW(setattr(0, &a, 0)); a.policy = 0;
            a.flags = 1UL << 40; SHOW(setattr(0, &a, 0)); a.flags = 0x20; SHOW(setattr(0, &a, 0)); a.flags = 8; a.policy = 77; SHOW(setattr(0, &a, 0)); a.flags = a.policy = 0;
            a.policy = a.priority = 1; SHOW(setattr(0, &a, 0)); a.flags = 0x10; SHOW(setattr(0, &a, 0)); a.flags = a.policy = a.priority = 0;
            a.nice = -5; SHOW(setattr(0, &a, 0)); a.nice = 0; a.policy = 6; a.runtime = 2000; a.deadline = a.period = 3000000; SHOW(setattr(0, &a, 0)); a.policy = 0;
            a.size = 0; SHOW(setattr(0, &a, 0)); a.size = 47; SHOW(setattr(0, &a, 0)); printf("%u\n", a.size);
            a.size = 100; SHOW(setattr(0, &a, 0)); a.more[20] = 1; SHOW(setattr(0, &a, 0)); printf("%u\n", a.size);
            a.size = 4097; SHOW(setattr(0, &a, 0)); a.size = 48; a.policy = 5; SHOW(setattr(0, &a, 0));
        }

        int main(void) { memory(); names(); CHILD(schedule()); return 0; }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("linux").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Wiping_on_fork_renameat2_and_sched_setattr_do_what_the_host_does()
    {
        Assert.SkipUnless(HostProcess.Exists("gcc"), "needs gcc: apt-get install -y gcc libc6-dev");
        string source = Path.Combine(_folder, "a.c");
        string program = Path.Combine(_folder, "a");
        await File.WriteAllTextAsync(source, Source, TestContext.Current.CancellationToken);
        HostRun built = await HostProcess.Run("gcc", "-O1", "-w", "-static", "-o", program, source);
        built.ExitCode.ShouldBe(0, built.Errors);
        HostRun native = await HostProcess.Run(program);

        KernelOptions options = GuestRun.Options(program);
        GuestRun run = GuestRun.Of(options with { Environment = ["PATH=/usr/bin:/bin"] });

        (run.Result.ExitCode, run.Output.Text).ShouldBe((native.ExitCode, native.Output), run.Result.Message);
    }

    [Fact]
    public void What_needs_privilege_or_filters_is_refused()
    {
        byte[] program = AssembledGuest.Undeclared(a =>
        {
            a.Call(321, 5, AssembledGuest.Data, 120);
            a.Call(317, 0, 0, 0);
            a.Call(317, 1, 0, AssembledGuest.Data);
            a.Call(317, 2, 1, AssembledGuest.Data);
            a.Call(317, 2, 0, 8);
            a.Call(317, 2, 0, AssembledGuest.Data);
            a.Call(231, 0);
        });

        GuestRun run = GuestRun.Of(program);

        run.Trace!.Events.Where(e => e.Kind == MmuEmu.Kernel.Story.KernelEvent.SyscallReturn)
            .Select(e => ((MmuEmu.Kernel.Story.SyscallDetail)e.Detail!).Result.Errno.ToString())
            .ShouldBe(["EPERM", "ENOSYS", "ENOSYS", "EINVAL", "EFAULT", "EOPNOTSUPP"]);
    }
}
