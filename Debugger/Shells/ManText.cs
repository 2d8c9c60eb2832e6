namespace MmuEmu.Debugger.Shells;

/// <summary>What the manual page says beyond the command tree.</summary>
internal static class ManText
{
    /// <summary>The paragraphs of the description; what stands between backquotes is bold.</summary>
    public static IReadOnlyList<string> Description =>
    [
        "`mmuemu` runs x86-64 Linux programs on an emulated processor. "
        + "Every memory access goes through real 4-level page tables in emulated RAM, under a small kernel that can take memory away at "
        + "exactly the instruction you name. "
        + "It shows every walk, every accessed and dirty bit, every fault, and why.",
        "The program that runs is the guest. "
        + "GUEST is an x86-64 ELF file, static or dynamic, linked with glibc or musl, or the name of a program that ships: `mmuemu guests` lists them. "
        + "Options end at GUEST; what follows is the guest's own.",
        "A file of your own sees the host's files, read-only, and your terminal. "
        + "A program that ships sees nothing of the host, and so prints the same, to the byte, everywhere. "
        + "Where its lesson needs options, little RAM for instance, they apply unless you type them, and a line says so.",
        "On a terminal, Ctrl-C is the guest's while its standard input and output are the terminal; twice within a second it ends the run. "
        + "Otherwise it ends the run at once. "
        + "A run that is silent for two seconds shows t and its speed on the terminal behind standard error, unless --quiet is given.",
        "Results and the guest's output are on standard output. "
        + "Messages, traces and statistics are on standard error.",
        "In all that is printed, t is the number of instructions that the machine has retired: the only clock there is. "
        + "The same guest with the same options takes the same path, to the cycle, on any host.",
    ];

    /// <summary>The points and actions of a pressure rule.</summary>
    public static IReadOnlyList<Word> Pressure =>
    [
        new("at insn N:", "Once, when N instructions have retired."),
        new("every N insns:", "Each time another N instructions have retired."),
        new("at syscall NAME#K entry:", "Before the K-th call of that name does its work; before each, without #K."),
        new("at syscall NAME#K return:", "After it has done its work, before the guest runs on."),
        new("at mark NAME#K:", "When the guest sets that mark for the K-th time."),
        new("reclaim N frames", "Takes N frames, as an allocation under pressure would."),
        new("purge", "Purges every volatile page, and discards every clean one that was lazily freed."),
        new("age", "Clears accessed bits, and turns the lists of pages once."),
        new("fail WHAT N after M", "Lets N allocations fail, M spared first: nodes of volatile ranges, copies of address spaces at fork, splits of mappings, page tables."),
    ];

    /// <summary>The variables of the environment that count.</summary>
    public static IReadOnlyList<Word> Environment =>
    [
        new("NO_COLOR", "When it is set: no colours on a terminal, with --color auto."),
        new("FORCE_COLOR", "When it is set: colours elsewhere too, with --color auto."),
        new("MMUEMU_DEBUG", "When it is 1: a defect of the emulator shows where it arose."),
        new("TERM", "When it is empty or dumb: no line that shows how far a silent run is."),
    ];

    /// <summary>What can be tried, and what for.</summary>
    public static IReadOnlyList<Word> Examples =>
    [
        new("mmuemu guests\nmmuemu guests vrange-recover", "See what ships, and what to watch in one of them:"),
        new("mmuemu run --trace fault,walk,signal vrange-recover",
            "Watch a purged page: its entry, its raw value, and SIGBUS with the exact byte:"),
        new("mmuemu why bad-null", "Have the end of a program, or its last fault, explained:"),
        new("mmuemu run --stats page-touch", "Count faults, walks, references and cycles, under the hardware's names:"),
        new("mmuemu run \\\n    --pressure 'at syscall vrange#1 return: reclaim 64 frames' \\\n    vrange-explicit",
            "Take memory away right after the first call of vrange:"),
        new("mmuemu walk hello 0x401000", "Show the four entries that translate an address:"),
        new("mmuemu run --cpus 4 --seed 7 lost-update", "Meet the same race every time, on four processors:"),
        new("mmuemu run --json ./program > run.json\nmmuemu run --from run.json --trace fault",
            "Keep a run with all that made it (arguments, environment and input too), and run it again:"),
        new("mmuemu trace export --format svg -o run.svg swap-through\nmmuemu trace export --format perfetto \\\n    -o run.pftrace vrange-recover",
            "See the faults of a run on a map, and a run on the time line of ui.perfetto.dev:"),
        new("mmuemu run --record a.mmurec ./program\nmmuemu run --record b.mmurec ./program\nmmuemu diff a.mmurec b.mmurec",
            "Find the first instruction at which two runs of a program part:"),
        new("mmuemu run --cpu v3,vendor=intel,-avx2 ./program one two",
            "Run a program of your own, on Intel's processor without AVX2:"),
        new("mmuemu pte decode 0x8000000012345867\nmmuemu pte matrix --bits p,w,u --reg wp,smep",
            "Decode an entry bit by bit, and judge all combinations of three bits:"),
    ];

    /// <summary>Other pages.</summary>
    public static IReadOnlyList<string> SeeAlso =>
        ["gdb(1)", "strace(1)", "valgrind(1)", "madvise(2)", "mmap(2)", "userfaultfd(2)", "elf(5)", "proc(5)"];
}
