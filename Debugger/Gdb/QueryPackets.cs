using MmuEmu.Kernel.Abi;

namespace MmuEmu.Debugger.Gdb;

/// <summary>What the two ends can do, and how they talk.</summary>
internal static class QueryPackets
{
    private const string Offers =
        "QStartNoAckMode+;qXfer:features:read+;qXfer:auxv:read+;qXfer:siginfo:read+;qXfer:exec-file:read+;qXfer:threads:read+;vContSupported+;"
        + "ReverseContinue+;ReverseStep+;QPassSignals+;QProgramSignals+;QCatchSyscalls+;native-signals+";

    /// <summary>qSupported: each end tells what it can do.</summary>
    public static string Supported(PacketContext context, string rest)
    {
        HashSet<string> theirs = [.. rest.TrimStart(':').Split(';')];
        ClientWishes wishes = context.Session.Wishes;
        wishes.Multiprocess = theirs.Contains("multiprocess+");
        wishes.Breakpoints = theirs.Contains("swbreak+");
        wishes.Forks = theirs.Contains("fork-events+");
        wishes.VForks = theirs.Contains("vfork-events+");
        wishes.Execs = theirs.Contains("exec-events+");
        string ours = string.Concat(
            ((string[])["multiprocess", "swbreak", "hwbreak", "fork-events", "vfork-events", "exec-events"])
            .Where(name => theirs.Contains(name + "+")).Select(name => $";{name}+"));
        return $"PacketSize={HexText.Of(PacketReader.MostBytes)};{Offers}{ours}";
    }

    /// <summary>QStartNoAckMode: packets are not acknowledged from now on.</summary>
    public static string NoAcks(PacketContext context, string rest)
    {
        context.Session.Wishes.Quiet = true;
        return PacketText.Ok;
    }

    /// <summary>QPassSignals: signals at which not to stop.</summary>
    public static string PassSignals(PacketContext context, string rest)
    {
        HashSet<Signal> passed = context.Session.Wishes.Passed;
        passed.Clear();
        foreach (string word in rest.TrimStart(':').Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            PacketCursor cursor = new(word);
            if (cursor.Small(out int number) && context.Session.SignalOf(number) is not Signal.None and var signal)
            {
                passed.Add(signal);
            }
        }

        return PacketText.Ok;
    }

    /// <summary>QCatchSyscalls: system calls at which to stop.</summary>
    public static string CatchSyscalls(PacketContext context, string rest)
    {
        string[] words = rest.TrimStart(':').Split(';', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["0" or "1", ..])
        {
            return PacketText.Malformed;
        }

        HashSet<ulong> calls = [];
        foreach (string word in words.Skip(1))
        {
            PacketCursor cursor = new(word);
            if (cursor.Number(out ulong number))
            {
                calls.Add(number);
            }
        }

        context.Session.Wishes.Calls = words[0] == "1" ? calls : null;
        return PacketText.Ok;
    }

    /// <summary>qAttached: the process was there before the debugger came, so that leaving lets it live.</summary>
    public static string Attached(PacketContext context, string rest) => "1";

    /// <summary>qOffsets: programs lie where their headers say; for others the auxiliary vector tells.</summary>
    public static string Unknown(PacketContext context, string rest) => PacketText.Unknown;

    /// <summary>What is taken notice of and needs nothing done.</summary>
    public static string Accepted(PacketContext context, string rest) => PacketText.Ok;

    /// <summary>qqemu.PhyMemMode: which addresses memory packets have.</summary>
    public static string PhysicalMode(PacketContext context, string rest) => context.Session.Wishes.Physical ? "1" : "0";

    /// <summary>Qqemu.PhyMemMode:1 makes addresses of memory packets physical, 0 virtual again.</summary>
    public static string SetPhysicalMode(PacketContext context, string rest)
    {
        if (rest is not (":0" or ":1"))
        {
            return PacketText.Malformed;
        }

        context.Session.Wishes.Physical = rest == ":1";
        return PacketText.Ok;
    }

    /// <summary>qqemu.sstepbits: what a step may leave out; here it leaves out nothing.</summary>
    public static string StepBits(PacketContext context, string rest) => "ENABLE=1";
}
