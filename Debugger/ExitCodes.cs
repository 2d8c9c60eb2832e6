namespace MmuEmu.Debugger;

/// <summary>What the command's exit status means; a guest's own status (0 to 119) passes through.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Ok = 0;

    /// <summary>Of diff: the two differ.</summary>
    public const int Different = 1;

    /// <summary>The command line was not understood.</summary>
    public const int Usage = 2;

    /// <summary>Something that was expected did not come: a fault that the guest announced, the point of a rule or of --at, the run of a report, or the result of an earlier matrix.</summary>
    public const int Expectation = 120;

    /// <summary>What the command itself had to say could not be written.</summary>
    public const int OutputLost = 121;

    /// <summary>Every task of the guest is blocked for ever.</summary>
    public const int Deadlock = 123;

    /// <summary>A limit such as --max-insns or --timeout was reached.</summary>
    public const int Limit = 124;

    /// <summary>A defect of the emulator itself.</summary>
    public const int Internal = 125;

    /// <summary>The guest needs an instruction that the core does not have.</summary>
    public const int Unsupported = 126;

    /// <summary>The guest was not found, is no x86-64 ELF program, or is not, with its files, as the report has them.</summary>
    public const int NoGuest = 127;

    /// <summary>Killed by signal N: this plus N.</summary>
    public const int SignalBase = 128;

    /// <summary>Every status with its meaning, for people.</summary>
    public static IReadOnlyList<Word> Meanings =>
    [
        new($"{Ok}", "Done; of a guest, that it ended with 0."),
        new($"{Different}", "Of diff, that the two runs differ; of a guest, its own status."),
        new($"{Ok + 1}-119", "The guest's own status."),
        new($"{Usage}", "The command line was not understood. One line says what was expected and found, the next what to type."),
        new($"{Expectation}", "Something that was expected did not come: a fault that the guest announced, the point of a --pressure rule or of --at (--allow-unfired), the run of a report (--from), or the result of an earlier matrix."),
        new($"{OutputLost}", "Our own output could not be written: the disk is full, the stream is closed, nobody reads the pipe."),
        new($"{Deadlock}", "Every task of the guest is blocked for ever."),
        new($"{Limit}", "A limit such as --max-insns or --timeout was reached."),
        new($"{Internal}", "A defect of the emulator itself: please report it."),
        new($"{Unsupported}", "The guest needs an instruction that the core does not have."),
        new($"{NoGuest}", "The guest was not found, is no x86-64 ELF program, or it or a file that it opens is not as the report of --from has it."),
        new($"{SignalBase}+N", "The guest was killed by signal N, as 139 for SIGSEGV; 130: the run was interrupted."),
    ];
}
