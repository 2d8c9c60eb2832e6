namespace MmuEmu.Emulator.Cpu;

/// <summary>Sees instructions as they are about to run, for a debugger: breakpoints, and watchpoints by looking at RAM after each.</summary>
/// <remarks>It may look at RAM and at registers, but RIP and lazy flags inside a block are those of an earlier instruction; it changes nothing.</remarks>
public interface IInstructionProbe
{
    /// <summary>An instruction is about to run, or to run again after a fault.</summary>
    /// <param name="time">T before it.</param>
    /// <param name="rip">Its address.</param>
    /// <param name="rsp">RSP before it.</param>
    void Before(ulong time, ulong rip, ulong rsp);

    /// <summary>True when the instruction at <paramref name="rip"/> has to be told even where the engine runs it in one go with the comparison before it.</summary>
    bool Seeks(ulong rip);

    /// <summary>The second instruction of a pair that the engine has run in one go; told right behind the pair.</summary>
    /// <param name="time">T before it.</param>
    /// <param name="rip">Its address.</param>
    void Passed(ulong time, ulong rip);
}
