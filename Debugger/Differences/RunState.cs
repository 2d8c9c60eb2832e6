using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Differences;

/// <summary>What two runs are compared by at a point: the registers of all threads, and RAM.</summary>
/// <param name="Registers">The registers by thread and name, in one order for all runs.</param>
/// <param name="Ram">The digest of RAM.</param>
internal sealed record RunState(IReadOnlyList<(int Tid, string Register, string Value)> Registers, string Ram)
{
    private static readonly string[] Names =
        ["rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];

    /// <summary>The state of a run that stands still.</summary>
    public static RunState Of(MiniKernel kernel)
    {
        KernelView view = new(kernel);
        List<(int Tid, string Register, string Value)> all = [];
        foreach (TaskView task in view.Tasks())
        {
            if (view.RegistersOf(task.Tid) is { } registers)
            {
                Add(all, task.Tid, registers.User);
            }
        }

        return new RunState(all, Convert.ToHexStringLower(kernel.HashRam()));
    }

    /// <summary>True when nothing differs.</summary>
    public bool IsSame(RunState other) => Ram == other.Ram && HasSameRegisters(other);

    /// <summary>True when the registers do not differ.</summary>
    public bool HasSameRegisters(RunState other) => Registers.SequenceEqual(other.Registers);

    private static void Add(List<(int Tid, string Register, string Value)> all, int tid, UserContext user)
    {
        all.Add((tid, "rip", $"0x{user.Rip:x}"));
        for (int i = 0; i < Names.Length; i++)
        {
            all.Add((tid, Names[i], $"0x{user.Registers[i]:x}"));
        }

        all.Add((tid, "rflags", $"0x{user.Rflags:x}"));
        all.Add((tid, "fs base", $"0x{user.FsBase:x}"));
        all.Add((tid, "gs base", $"0x{user.GsBase:x}"));
        all.Add((tid, "x87 and xmm", Convert.ToHexStringLower(user.Fx)));
        all.Add((tid, "upper halves of ymm", Convert.ToHexStringLower(user.Upper)));
    }
}
