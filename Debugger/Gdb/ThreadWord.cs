namespace MmuEmu.Debugger.Gdb;

/// <summary>A thread as packets name it: <c>TID</c>, or <c>pPID.TID</c> where both sides know of several processes; 0 is any, -1 all.</summary>
/// <param name="Pid">The process; null where only the thread is named.</param>
/// <param name="Tid">The thread.</param>
internal readonly record struct ThreadWord(int? Pid, int Tid)
{
    /// <summary>All threads, or all processes.</summary>
    public const int All = -1;

    /// <summary>True when it names one thread.</summary>
    public bool IsOne => Tid > 0;

    /// <summary>True when <paramref name="pid"/>.<paramref name="tid"/> is meant, or among what is meant.</summary>
    public bool Covers(int pid, int tid) => (Pid is null or All or 0 || Pid == pid) && (Tid is All or 0 || Tid == tid);
}
