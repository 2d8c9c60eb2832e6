namespace MmuEmu.Guests;

/// <summary>What a program is there for.</summary>
public enum GuestKind
{
    /// <summary>Shows one thing about memory.</summary>
    Lesson,

    /// <summary>Does something wrong on purpose; the machine must stay in charge.</summary>
    Wrong,

    /// <summary>Exercises a whole C library.</summary>
    Library,

    /// <summary>Computes, for measuring speed.</summary>
    Speed,
}

/// <summary>Where a program gives its expected output.</summary>
public enum GuestNeeds
{
    /// <summary>Only what real Linux has: it prints the same natively.</summary>
    Linux,

    /// <summary>Calls or rules that only MmuEmu has; natively it refuses to run, or would never end.</summary>
    MmuEmu,
}

/// <summary>The library and the linking of a program.</summary>
public enum GuestBuild
{
    /// <summary><c>musl-gcc -static</c>: at a fixed address.</summary>
    Musl,

    /// <summary><c>gcc -static</c> with glibc: at a fixed address.</summary>
    Glibc,

    /// <summary><c>gcc -static-pie</c> with glibc: runs at any address and relocates itself.</summary>
    GlibcPie,
}

/// <summary>One program that ships: what it is, how it is run, and how it must end.</summary>
public sealed record GuestProgram
{
    /// <summary>The name of the built file, and what the user types.</summary>
    public required string Name { get; init; }

    /// <summary>The C file it is built from, below <c>Guests/src</c>, without its ending; the name unless said otherwise.</summary>
    public string Source { get => field ?? Name; init; }

    /// <summary>What the program is there for.</summary>
    public required GuestKind Kind { get; init; }

    /// <summary>What it is about.</summary>
    public GuestSubject Subject { get; init; }

    /// <summary>What it does, in one line.</summary>
    public required string Summary { get; init; }

    /// <summary>What to look at while it runs, and with which option.</summary>
    public required string Watch { get; init; }

    /// <summary>Where it gives its expected output.</summary>
    public GuestNeeds Needs { get; init; } = GuestNeeds.Linux;

    /// <summary>The library and the linking.</summary>
    public GuestBuild Build { get; init; } = GuestBuild.Musl;

    /// <summary>The options that the program's lesson needs; none for most. <c>mmuemu run NAME</c> adds those that the user does not type.</summary>
    public IReadOnlyList<string> RunOptions { get; init; } = [];

    /// <summary>The exit code of a run without arguments: the program's own, 128 + signal, or one of the emulator's.</summary>
    public int ExitCode { get; init; }

    /// <summary>The line a user types to run it.</summary>
    public string CommandLine => string.Join(' ', ["mmuemu", "run", .. RunOptions, Name]);
}
