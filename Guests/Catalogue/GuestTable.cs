namespace MmuEmu.Guests;

/// <summary>The rows of <see cref="GuestCatalogue.Programs"/>: data, and nothing else.</summary>
internal static class GuestTable
{
    internal static readonly GuestProgram[] Rows =
    [
        new()
        {
            Name = "hello",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Loading,
            Summary = "Prints one line and its arguments.",
            Watch = "how many pages a C program touches before main starts (--trace fault)",
        },
        new()
        {
            Name = "hello-glibc",
            Source = "hello",
            Build = GuestBuild.Glibc,
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Loading,
            Summary = "The same program with glibc.",
            Watch = "what glibc asks of the kernel before main (--strace)",
        },
        new()
        {
            Name = "hello-pie",
            Source = "hello",
            Build = GuestBuild.GlibcPie,
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Loading,
            Summary = "The same program, position-independent.",
            Watch = "the pages that it relocates itself (--trace fault)",
        },
        new()
        {
            Name = "single-step",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Processor,
            Summary = "Sets its own trap flag, and logs where each SIGTRAP came.",
            Watch = "TRAP_TRACE at every instruction and every iteration (--trace signal)",
        },
        new()
        {
            Name = "align-check",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Processor,
            Summary = "Sets the alignment-check flag, and touches memory at odd addresses in every width.",
            Watch = "BUS_ADRALN before the page tables are asked (--trace signal)",
        },
        new()
        {
            Name = "events",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Calls,
            Summary = "Waits with epoll, eventfd, a POSIX timer, and calls at the kernel's fixed addresses.",
            Watch = "which event is told once and which until it is served (--strace)",
        },
        new()
        {
            Name = "sockets",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Calls,
            Summary = "A parent and its child talk through sockets of both families and a shared segment.",
            Watch = "who waits for whom (--strace)",
        },
        new()
        {
            Name = "xstate-signals",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Processor,
            Summary = "Sends vector and x87 registers through signal handlers that clobber them, edit the frame, or break it.",
            Watch = "the frame of a processor without XSAVE (--cpu v2)",
        },
        new()
        {
            Name = "vrange-recover",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Touches purged volatile pages, and repairs each in a SIGBUS handler.",
            Watch = "purged entries in the page table, and si_addr = the exact byte (--trace fault,walk,signal)",
        },
        new()
        {
            Name = "vrange-explicit",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Takes volatile memory back first, asks what was purged, and rebuilds it.",
            Watch = "the oldest ranges go first and go whole (--trace syscall,reclaim)",
        },
        new()
        {
            Name = "vrange-call",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "All answers of vrange: bytes, the word about losses, and errors after which nothing has changed.",
            Watch = "the answers beside the calls (--strace), the price of marking (--stats --trace mark)",
        },
        new()
        {
            Name = "vrange-versions",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Finds out which posting of volatile ranges it runs on, and shows where they differ.",
            Watch = "the same program with --profile vrange=v7 to vrange=v14 (--strace names the modes)",
        },
        new()
        {
            Name = "volatile-cache",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--ram", "8M", "--swap", "0"],
            Summary = "A cache of volatile pictures, larger than memory, that gives way by itself.",
            Watch = "natural reclaim choose volatile ranges (--trace reclaim)",
        },
        new()
        {
            Name = "shared-buffer",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--ram", "8M", "--swap", "0"],
            Summary = "A producer and a consumer share a circular buffer larger than memory; its empty part is volatile.",
            Watch = "marks that one process sets and another clears, and whole ranges purged (--trace reclaim)",
        },
        new()
        {
            Name = "volatile-file",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Two processes share a volatile file: marks, losses and answers are the file's, until the last one closes it.",
            Watch = "what the code did as it was posted (--profile vrange=v8,quirks)",
        },
        new()
        {
            Name = "bystander",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--profile", "files=J"],
            Summary = "One process marks a file and dies, another reads it: is volatility the process's, or the file's?",
            Watch = "the same steps in the other author's way (--profile files=K)",
        },
        new()
        {
            Name = "who-agrees",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--profile", "files=J"],
            Summary = "Several processes map a page, and some of them let it go: who has to agree before it is purged?",
            Watch = "the other author's answers (--profile files=K)",
        },
        new()
        {
            Name = "pinned-objects",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            Summary = "A cache written for Android's ashmem, ported to vrange on a memfd.",
            Watch = "the same program with pins (--profile ashmem --strace)",
        },
        new()
        {
            Name = "lazyfree-allocator",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.LazyFree,
            Summary = "Frees pages with MADV_FREE and finds each whole-old or whole-zero.",
            Watch = "which freed pages lost their frame (--trace reclaim)",
        },
        new()
        {
            Name = "lazy-reuse",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.LazyFree,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Gives the same pages back and uses them again: with MADV_DONTNEED, with MADV_FREE, with vrange.",
            Watch = "the cycles between the marks (--stats --trace mark)",
        },
        new()
        {
            Name = "lazy-rules",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.LazyFree,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--swap", "16M"],
            Summary = "Which pages MADV_FREE takes, which it leaves alone, and what saves one; optional argument: the advice's number.",
            Watch = "A and D cleared, and D deciding at reclaim (--trace walk,reclaim)",
        },
        new()
        {
            Name = "dontneed",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.LazyFree,
            Summary = "Gives pages back with MADV_DONTNEED: private ones read as zeros, shared ones keep their content.",
            Watch = "a present entry become none (--trace fault,syscall)",
        },
        new()
        {
            Name = "remote-paging",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.UserFault,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Fetches memory from afar on demand: MADV_USERFAULT, SIGBUS, remap_anon_pages.",
            Watch = "one SIGBUS per page, and frames that change their address (--trace fault,syscall)",
        },
        new()
        {
            Name = "remap-rules",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.UserFault,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--swap", "16M", "--profile", "thp=madvise"],
            Summary = "What remap_anon_pages refuses, what it moves and what it leaves as it was, next to mremap.",
            Watch = "the entries that change places (--trace reclaim), the cycles between the marks (--stats --trace mark)",
        },
        new()
        {
            Name = "page-touch",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Summary = "Touches N fresh pages in a row; costs that can be worked out by hand.",
            Watch = "faults, walks and walk references between the marks (--stats)",
        },
        new()
        {
            Name = "huge-pages",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Touches 4 MiB of small pages and 4 MiB of huge ones, and splits a huge page by changing the rights of a part.",
            Watch = "faults, walks and TLB misses between the marks (--stats)",
        },
        new()
        {
            Name = "mmap-bit40",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Needs = GuestNeeds.MmuEmu,
            Summary = "Passes a bit of mmap's flags that means something else in every kernel.",
            Watch = "the kernel that the program was built for (--profile mmap40=bigpage,hugepages=4)",
        },
        new()
        {
            Name = "cow-fork",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Processes,
            Summary = "Three children write to shared pages; nobody sees what another wrote.",
            Watch = "one page copied per write (--trace fault)",
        },
        new()
        {
            Name = "swap-through",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Reclaim,
            RunOptions = ["--ram", "8M", "--swap", "32M"],
            Summary = "Works on 12 MiB with 8 MiB of RAM; every page comes back from swap unharmed.",
            Watch = "swap entries, and reclaim at work (--trace reclaim,fault)",
        },
        new()
        {
            Name = "stack-growth",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Summary = "Recurses through 3 MiB of stack.",
            Watch = "the stack's Vma grow one page per level (--trace fault)",
        },
        new()
        {
            Name = "mprotect-segv",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Summary = "Four forbidden accesses, each explained and then allowed by a SIGSEGV handler.",
            Watch = "SEGV_ACCERR against SEGV_MAPERR, and the error code's bits (--trace fault,signal)",
        },
        new()
        {
            Name = "precise-faults",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Paging,
            Summary = "Stops five instructions half-way and finds that they have not happened.",
            Watch = "the same RIP twice, RCX counting down across a fault (--trace fault,signal)",
        },
        new()
        {
            Name = "vrange-threads",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--cpus", "4"],
            Summary = "Threads share volatile memory while one of them makes pressure, and each repairs what it meets.",
            Watch = "SIGBUS in many threads (--trace signal), flushes on other processors (--trace walk)",
        },
        new()
        {
            Name = "pthread-stress",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Threads,
            RunOptions = ["--cpus", "4"],
            Summary = "Threads hand numbers on through a mutex and condition variables.",
            Watch = "the same sum in every order of events, the same order for the same seed (--seed 1 --strace)",
        },
        new()
        {
            Name = "lost-update",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Threads,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--cpus", "4", "--seed", "1", "--quantum", "100"],
            Summary = "Four threads count without a lock, and lose updates.",
            Watch = "the number that is lost: another for another seed, the same for the same",
        },
        new()
        {
            Name = "kmap-copy",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Reclaim,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--swap", "16M", "--profile", "copy=c1,kunmap=lazy", "--pressure", "at copy#1 after_prefault: evict"],
            ExitCode = 1,
            Summary = "Two tasks write two pages of a file; the page that one writes from goes to swap in the midst.",
            Watch = "whose page gets whose bytes, and how --profile copy=c7 helps (--trace copy,rule)",
        },
        new()
        {
            Name = "kmap-locks",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Threads,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--profile", "copy=c7", "--pressure", "at copy#1 after_lock_page#1: hold until dropped"],
            Summary = "Writes a page of a file from a mapping of the same page.",
            Watch = "the lock that is let go before the page is touched again; with --profile copy=c1 it is waited for for ever",
        },
        new()
        {
            Name = "kmap-oom",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Reclaim,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--ram", "4M", "--swap", "16M", "--profile", "copy=c2,allocator=aa", "--pressure", "at copy before_fault_sleep: hold until together"],
            ExitCode = 4,
            Summary = "Tasks keep reclaim from all their memory while each needs two pages more.",
            Watch = "tasks killed while swap is free; with --profile copy=c2,allocator=mainline nobody is, and nobody goes on",
        },
        new()
        {
            Name = "oom",
            Kind = GuestKind.Lesson,
            Subject = GuestSubject.Reclaim,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--ram", "8M", "--swap", "0"],
            ExitCode = 137,
            Summary = "Takes memory until the out-of-memory killer comes.",
            Watch = "reclaim trying everything first (--trace reclaim)",
        },
        new()
        {
            Name = "bad-null",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Paging,
            ExitCode = 139,
            Summary = "Reads through a null pointer.",
            Watch = "a walk that stops at an entry with P = 0 (--trace fault,walk)",
        },
        new()
        {
            Name = "bad-jump-nx",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Paging,
            ExitCode = 139,
            Summary = "Calls into a page of data.",
            Watch = "a present entry with XD, error code 0x15 (--trace fault,walk)",
        },
        new()
        {
            Name = "bad-ud2",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            ExitCode = 132,
            Summary = "Executes the undefined instruction.",
            Watch = "#UD becomes SIGILL (--trace signal)",
        },
        new()
        {
            Name = "bad-div",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            ExitCode = 136,
            Summary = "Divides by zero, and divides where the quotient does not fit.",
            Watch = "#DE becomes SIGFPE with FPE_INTDIV (--trace signal)",
        },
        new()
        {
            Name = "bad-trap",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            ExitCode = 133,
            Summary = "Meets a breakpoint with no debugger.",
            Watch = "a trap is reported after the instruction, a fault before it (--trace signal)",
        },
        new()
        {
            Name = "bad-address",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Paging,
            Summary = "Uses addresses that no page table could map.",
            Watch = "#GP, #SS and #PF side by side (--trace signal)",
        },
        new()
        {
            Name = "bad-privileged",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            Summary = "Tries the kernel's instructions at CPL 3.",
            Watch = "#GP each time (--trace signal)",
        },
        new()
        {
            Name = "bad-selfmod",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Paging,
            Summary = "Rewrites its own code between calls and right before execution.",
            Watch = "a page that is written and executed in turns (--trace fault)",
        },
        new()
        {
            Name = "bad-recursion",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Paging,
            ExitCode = 139,
            Summary = "Recurses until the stack ends.",
            Watch = "a row of stack faults, and the one that is refused (--trace fault)",
        },
        new()
        {
            Name = "bad-handler",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            ExitCode = 139,
            Summary = "Faults inside its own SIGSEGV handler.",
            Watch = "a forced signal that is blocked ends the program (--trace signal)",
        },
        new()
        {
            Name = "bad-sigreturn",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            Summary = "Returns from signal handlers that never ran, with forged frames.",
            Watch = "SIGSEGV for each (--trace signal)",
        },
        new()
        {
            Name = "bad-unhandled-purge",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            ExitCode = 135,
            Summary = "Forgets that volatile memory may go, and has no handler.",
            Watch = "why the SIGBUS came (mmuemu why)",
        },
        new()
        {
            Name = "bad-sigbus-loop",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Vrange,
            Needs = GuestNeeds.MmuEmu,
            RunOptions = ["--max-insns", "1000000"],
            ExitCode = 124,
            Summary = "Handles SIGBUS without repairing anything, for ever.",
            Watch = "the same fault again and again (--trace fault,signal)",
        },
        new()
        {
            Name = "bad-syscalls",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Calls,
            Summary = "Makes system calls that do not exist, and others with wild arguments.",
            Watch = "an errno for each (--strace)",
        },
        new()
        {
            Name = "bad-abort",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Signals,
            ExitCode = 134,
            Summary = "Gives up with abort() although its handler would go on.",
            Watch = "the second SIGABRT is fatal (--trace signal)",
        },
        new()
        {
            Name = "bad-orphan",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Processes,
            ExitCode = 7,
            Summary = "Leaves without waiting for its children.",
            Watch = "the children go on after the first process has ended (--strace)",
        },
        new()
        {
            Name = "bad-deadlock",
            Kind = GuestKind.Wrong,
            Subject = GuestSubject.Processes,
            Needs = GuestNeeds.MmuEmu,
            ExitCode = 123,
            Summary = "Waits for a byte that only it could write.",
            Watch = "the read that never returns (--strace)",
        },
        new()
        {
            Name = "libc-mix-musl",
            Source = "libc-mix",
            Kind = GuestKind.Library,
            Subject = GuestSubject.Library,
            ExitCode = 21,
            Summary = "A tour through the C library: doubles, heap, qsort, setjmp, signals, strings.",
            Watch = "how musl uses memory (--strace, --stats)",
        },
        new()
        {
            Name = "libc-mix-glibc",
            Source = "libc-mix",
            Build = GuestBuild.Glibc,
            Kind = GuestKind.Library,
            Subject = GuestSubject.Library,
            ExitCode = 21,
            Summary = "The same tour with glibc.",
            Watch = "how glibc uses memory (--strace, --stats)",
        },
        new()
        {
            Name = "code-file",
            Kind = GuestKind.Library,
            Subject = GuestSubject.Processor,
            RunOptions = ["--cpus", "2"],
            Summary = "Code in a file, run from a mapping, and changed behind the mapping's back by system calls.",
            Watch = "nothing is flushed for a write, yet what a processor has decoded is dropped (--trace flush)",
        },
        new()
        {
            Name = "tmpfs-calls-musl",
            Source = "tmpfs-calls",
            Kind = GuestKind.Library,
            Subject = GuestSubject.Calls,
            Summary = "What the calls for files of memory answer: room set aside, holes, seals, mounts, shared memory by name.",
            Watch = "which mount a path is on decides, not its folder (--strace)",
        },
        new()
        {
            Name = "tmpfs-calls-glibc",
            Source = "tmpfs-calls",
            Build = GuestBuild.Glibc,
            Kind = GuestKind.Library,
            Subject = GuestSubject.Calls,
            Summary = "The same calls with glibc.",
            Watch = "what posix_fallocate and shm_open become (--strace)",
        },
        new()
        {
            Name = "tmpfs-mix",
            Kind = GuestKind.Library,
            Subject = GuestSubject.Reclaim,
            RunOptions = ["--ram", "1M", "--swap", "4M"],
            Summary = "A file of memory, changed at random through every door that there is; optional arguments: a seed, steps.",
            Watch = "pages of the file that leave for swap and come back (--trace reclaim,fault)",
        },
        new()
        {
            Name = "thread-calls",
            Build = GuestBuild.Glibc,
            Kind = GuestKind.Library,
            Subject = GuestSubject.Threads,
            Summary = "The system calls about threads and futexes, with good and bad arguments.",
            Watch = "each answer beside its call (--strace)",
        },
        new()
        {
            Name = "pthread-mix-musl",
            Source = "pthread-mix",
            Kind = GuestKind.Library,
            Subject = GuestSubject.Threads,
            ExitCode = 4,
            Summary = "A tour through POSIX threads: locks, conditions, barriers, cancellation, robust mutexes, signals.",
            Watch = "threads that wait for one another (--strace, --cpus 4)",
        },
        new()
        {
            Name = "pthread-mix-glibc",
            Source = "pthread-mix",
            Build = GuestBuild.Glibc,
            Kind = GuestKind.Library,
            Subject = GuestSubject.Threads,
            ExitCode = 4,
            Summary = "The same tour with glibc.",
            Watch = "how glibc's threads differ from musl's (--strace, --cpus 4)",
        },
        new()
        {
            Name = "sieve",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Primes below N (2000000).",
            Watch = "byte stores with ever longer strides (--stats)",
        },
        new()
        {
            Name = "sort",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "qsort of N (100000) numbers.",
            Watch = "calls through a pointer, unpredictable branches (--stats)",
        },
        new()
        {
            Name = "checksum",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "CRC-32 and Adler-32 over 256 KiB, N (10) times.",
            Watch = "two loads per byte (--stats)",
        },
        new()
        {
            Name = "fib",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Fibonacci number N (30) by recursion.",
            Watch = "what a call costs (--stats)",
        },
        new()
        {
            Name = "matmul",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Product of two N x N (96) matrices of doubles.",
            Watch = "rows against columns (--stats)",
        },
        new()
        {
            Name = "nbody",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Five bodies under gravity for N (2000) steps, in scalar doubles.",
            Watch = "SSE2 arithmetic at nearly every instruction (--stats)",
        },
        new()
        {
            Name = "mandelbrot",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "The Mandelbrot set in N (64) columns, two points at a time in packed doubles.",
            Watch = "packed SSE2 arithmetic and comparison (--stats)",
        },
        new()
        {
            Name = "pixels-avx2",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Brightens, blurs, looks up and turns a picture for N (20) rounds, 32 bytes at a time.",
            Watch = "256-bit vectors, gathers and masked stores; exit code 3 without AVX2 (--cpu v2)",
        },
        new()
        {
            Name = "collatz",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "The longest Collatz chain below N (100000).",
            Watch = "a program that needs no walks once it runs (--stats)",
        },
        new()
        {
            Name = "chase",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Follows pointers over N (4096) pages, M (400000) steps.",
            Watch = "walks per load as N passes the reach of each TLB (--stats)",
        },
        new()
        {
            Name = "simd-crypto",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            RunOptions = ["--cpu", "max"],
            Summary = "AES-128-GCM, SHA-1 and SHA-256 over N KiB (64), by the processor's instructions and by plain C.",
            Watch = "a tenth of the instructions with --cpu max (--stats)",
        },
        new()
        {
            Name = "simd-text",
            Kind = GuestKind.Speed,
            Subject = GuestSubject.Speed,
            Summary = "Searches N KiB (32) of text with the string instructions of SSE4.2.",
            Watch = "sixteen bytes at a time (--stats)",
        },
    ];
}
