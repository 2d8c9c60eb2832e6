namespace MmuEmu.Debugger.Gdb;

/// <summary>The packets that are answered; of names that begin alike the longer one comes first.</summary>
/// <remarks>Source: [GDB manual, "Packets", "General Query Packets", "Host I/O Packets"]; [QEMU docs/system/gdb.rst] for its own.</remarks>
internal static class PacketTable
{
    /// <summary>A packet.</summary>
    /// <param name="Name">How it begins.</param>
    /// <param name="Answer">Its answer.</param>
    /// <param name="Says">What it is for.</param>
    internal sealed record Row(string Name, PacketHandler Answer, string Says)
    {
        /// <summary>A name that stands alone or before one of these characters; otherwise any may follow.</summary>
        public bool IsWord { get; init; } = true;
    }

    /// <summary>All of them.</summary>
    public static readonly Row[] Rows =
    [
        new("?", ResumePackets.Why, "why the run stands here"),
        new("!", QueryPackets.Accepted, "the session outlives the run"),
        Letter("g", RegisterPackets.ReadAll, "all registers"),
        Letter("G", RegisterPackets.WriteAll, "changes registers: another future"),
        Letter("p", RegisterPackets.ReadOne, "one register"),
        Letter("P", RegisterPackets.WriteOne, "changes one register: another future"),
        Letter("m", MemoryPackets.Read, "memory, in digits"),
        Letter("x", MemoryPackets.ReadRaw, "memory, as bytes"),
        Letter("M", MemoryPackets.Write, "changes memory, in digits: another future"),
        Letter("X", MemoryPackets.WriteRaw, "changes memory, as bytes: another future"),
        Letter("H", ThreadPackets.Pick, "the thread that is meant"),
        Letter("T", ThreadPackets.IsAlive, "whether a thread lives"),
        Letter("Z", BreakPackets.Set, "sets a breakpoint or a watchpoint"),
        Letter("z", BreakPackets.Clear, "takes one away"),
        new("vCont?", ResumePackets.Ways, "the ways to go on"),
        new("vCont", ResumePackets.Resume, "goes on, thread by thread"),
        new("vKill", ResumePackets.Kill, "the user is done with a process"),
        new("vRun", ResumePackets.Restart, "from the begin again"),
        new("vFile:setfs", FilePackets.SetFileSystem, "whose files"),
        new("vFile:open", FilePackets.Open, "opens a file of the guest"),
        new("vFile:pread", FilePackets.Read, "reads it"),
        new("vFile:fstat", FilePackets.Stat, "its length"),
        new("vFile:stat", FilePackets.StatPath, "the length of a file"),
        new("vFile:close", FilePackets.Close, "closes it"),
        new("vFile:readlink", FilePackets.ReadLink, "where /proc/PID/exe leads"),
        new("vFile:pwrite", FilePackets.Refuse, "refused"),
        new("vFile:unlink", FilePackets.Refuse, "refused"),
        Letter("C", ResumePackets.Continue, "goes on with a signal"),
        Letter("c", ResumePackets.Continue, "goes on"),
        Letter("S", ResumePackets.Step, "one instruction, with a signal"),
        Letter("s", ResumePackets.Step, "one instruction"),
        new("bc", ResumePackets.ContinueBack, "goes back"),
        new("bs", ResumePackets.StepBack, "one instruction back"),
        Letter("D", ResumePackets.Detach, "the debugger leaves"),
        new("k", ResumePackets.Kill, "the user is done"),
        Letter("R", ResumePackets.Restart, "from the begin again"),
        new("qSupported", QueryPackets.Supported, "what each end can do"),
        new("QStartNoAckMode", QueryPackets.NoAcks, "no acknowledgements"),
        new("QPassSignals", QueryPackets.PassSignals, "signals at which not to stop"),
        new("QProgramSignals", QueryPackets.Accepted, "signals that the program may get: all"),
        new("QCatchSyscalls", QueryPackets.CatchSyscalls, "system calls at which to stop"),
        new("qAttached", QueryPackets.Attached, "leaving lets the process live"),
        new("qC", ThreadPackets.Current, "the thread at work"),
        new("qfThreadInfo", ThreadPackets.First, "all threads"),
        new("qsThreadInfo", ThreadPackets.Next, "no more threads"),
        new("qThreadExtraInfo", ThreadPackets.Extra, "what a thread does"),
        new("qXfer", TransferPackets.Read, "registers' description, threads, auxiliary vector, program, signal"),
        new("qRcmd", MonitorPackets.Run, "a line of the command language"),
        new("qSearch:memory", MemoryPackets.Search, "where some bytes are first"),
        new("qqemu.PhyMemMode", QueryPackets.PhysicalMode, "which addresses memory packets have"),
        new("Qqemu.PhyMemMode", QueryPackets.SetPhysicalMode, "makes them physical or virtual"),
        new("qqemu.sstepbits", QueryPackets.StepBits, "what a step leaves out: nothing"),
        new("QThreadSuffixSupported", LldbPackets.ThreadSuffix, "registers are asked for with the thread behind"),
        new("qHostInfo", LldbPackets.Host, "the machine"),
        new("qProcessInfo", LldbPackets.Process, "the process"),
        new("qMemoryRegionInfo", LldbPackets.Region, "the mapping that covers an address"),
        new("qWatchpointSupportInfo", LldbPackets.Watchpoints, "how many watchpoints"),
    ];

    private static readonly Dictionary<char, Row[]> ByLetter = Rows.GroupBy(row => row.Name[0]).ToDictionary(rows => rows.Key, rows => rows.ToArray());

    /// <summary>The row of a packet and what comes behind its name; null for one that is not known.</summary>
    public static Row? Find(string packet, out string rest)
    {
        rest = "";
        foreach (Row row in packet.Length == 0 ? [] : ByLetter.GetValueOrDefault(packet[0], []))
        {
            if (packet.StartsWith(row.Name, StringComparison.Ordinal) && (!row.IsWord || EndsAt(packet, row.Name.Length)))
            {
                rest = packet[row.Name.Length..].TrimStart(row.Name.StartsWith("vFile", StringComparison.Ordinal) ? ':' : '\0');
                return row;
            }
        }

        return null;
    }

    private static bool EndsAt(string packet, int length) => packet.Length == length || packet[length] is ':' or ';' or ',';

    private static Row Letter(string name, PacketHandler answer, string says) => new(name, answer, says) { IsWord = false };
}
