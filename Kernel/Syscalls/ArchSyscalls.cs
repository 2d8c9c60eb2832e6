using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Memory;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>What concerns the processor and the machine as a whole: arch_prctl, uname, sysinfo, limits, random bytes.</summary>
internal static class ArchSyscalls
{
    private const ulong SetGs = 0x1001;
    private const ulong SetFs = 0x1002;
    private const ulong GetFs = 0x1003;
    private const ulong GetGs = 0x1004;
    private const int NameBytes = 65;
    private const ulong SetName = 15;
    private const ulong GetName = 16;
    private const ulong SetDumpable = 4;
    private const ulong GetDumpable = 3;
    private const ulong SetNoNewPrivileges = 38;
    private const ulong SetHugeDisable = 41;
    private const ulong GetHugeDisable = 42;
    private const ulong AddressNoRandomize = 0x0040000;
    private const ulong QueryPersonality = 0xFFFF_FFFF;
    private const ulong RandomFlags = 7;

    /// <summary>The texts of uname, in the struct's order.</summary>
    private static readonly string[] SystemNames = ["Linux", "mmuemu", "6.1.0-mmuemu", "#1 MmuEmu", "x86_64", "(none)"];

    /// <summary><c>arch_prctl</c>.</summary>
    /// <returns>0; EPERM for an address outside user space; EFAULT; EINVAL for other codes.</returns>
    /// <remarks>Source: [Linux arch/x86/kernel/process_64.c, do_arch_prctl_64].</remarks>
    public static SyscallOutcome ArchPrctl(in SyscallCall call)
    {
        bool sets = call.A0 is SetFs or SetGs;
        if (sets && call.A1 >= VirtRange.TaskSize)
        {
            return new Refusal(Errno.EPERM, ErrnoCause.BeyondUserSpace);
        }

        switch (call.A0)
        {
            case SetFs:
                call.System.Core.Vcpu.FsBase = call.A1;
                return Errno.None;
            case SetGs:
                call.System.Core.Vcpu.GsBase = call.A1;
                return Errno.None;
            case GetFs:
                return call.Guest.TryWriteUInt64(call.A1, call.System.Core.Vcpu.FsBase) ? Errno.None : Errno.EFAULT;
            case GetGs:
                return call.Guest.TryWriteUInt64(call.A1, call.System.Core.Vcpu.GsBase) ? Errno.None : Errno.EFAULT;
            default:
                return new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown);
        }
    }

    /// <summary><c>uname</c>.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome Uname(in SyscallCall call)
    {
        byte[] names = new byte[NameBytes * 6];
        for (int i = 0; i < SystemNames.Length; i++)
        {
            _ = Encoding.ASCII.GetBytes(SystemNames[i], names.AsSpan(i * NameBytes));
        }

        return call.Guest.TryWrite(call.A0, names) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>sysinfo</c>.</summary>
    /// <returns>0; EFAULT.</returns>
    public static SyscallOutcome Sysinfo(in SyscallCall call)
    {
        StructWriter info = new(112);
        MemorySystem mem = call.System.Memory;
        info.Put64(0, call.System.Clock.NowNs / 1_000_000_000);
        info.Put64(32, mem.Buddy.ManagedCount << 12);
        info.Put64(40, mem.Buddy.FreeCount << 12);
        info.Put64(64, (ulong)mem.Swap.TotalSlots << 12);
        info.Put64(72, (ulong)mem.Swap.FreeSlots << 12);
        info.Put16(80, (ushort)call.System.Processes.Count);
        info.Put32(104, 1);
        return call.Guest.TryWrite(call.A0, info.Bytes) ? Errno.None : Errno.EFAULT;
    }

    /// <summary><c>getrandom</c>, from the run's seed.</summary>
    /// <returns>Bytes; EINVAL for unknown flags; EFAULT.</returns>
    public static SyscallOutcome GetRandom(in SyscallCall call)
    {
        if ((call.A2 & ~RandomFlags) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        byte[] bytes = new byte[(int)Math.Min(call.A1, 1 << 20)];
        call.System.Random.Fill(bytes);
        int stored = call.Guest.WriteUpTo(call.A0, bytes);
        return stored == 0 && bytes.Length > 0 ? Errno.EFAULT : SyscallOutcome.Of((ulong)stored);
    }

    /// <summary><c>getrlimit</c>.</summary>
    /// <returns>0; EINVAL for an unknown resource; EFAULT.</returns>
    public static SyscallOutcome GetRlimit(in SyscallCall call) => Limits.Exchange(call, call.A0, newAt: 0, oldAt: call.A1);

    /// <summary><c>setrlimit</c>.</summary>
    /// <returns>0; EINVAL for an unknown resource or a soft limit above the hard one; EFAULT.</returns>
    public static SyscallOutcome SetRlimit(in SyscallCall call) => Limits.Exchange(call, call.A0, newAt: call.A1, oldAt: 0);

    /// <summary><c>prlimit64</c>, of the caller itself.</summary>
    /// <returns>0; ESRCH for another process; EINVAL for an unknown resource or a soft limit above the hard one; EFAULT.</returns>
    public static SyscallOutcome Prlimit(in SyscallCall call) =>
        (int)call.A0 != 0 && (int)call.A0 != call.Process.Pid ? Errno.ESRCH : Limits.Exchange(call, call.A1, newAt: call.A2, oldAt: call.A3);

    /// <summary><c>prctl</c>: name, dumpable, no_new_privs, and whether there may be huge pages.</summary>
    /// <returns>0; EFAULT; EINVAL for other options.</returns>
    public static SyscallOutcome Prctl(in SyscallCall call)
    {
        switch (call.A0)
        {
            case SetName:
                Span<byte> text = stackalloc byte[16];
                int got = call.Guest.ReadUpTo(call.A1, text);
                int end = text[..got].IndexOf((byte)0);
                if (end < 0 && got < 16)
                {
                    return Errno.EFAULT;
                }

                call.Thread.Name = Encoding.UTF8.GetString(text[..(end < 0 ? 15 : end)]);
                return Errno.None;
            case GetName:
                byte[] name = new byte[16];
                _ = Encoding.UTF8.TryGetBytes(call.Thread.Name, name.AsSpan(0, 15), out _);
                return call.Guest.TryWrite(call.A1, name) ? Errno.None : Errno.EFAULT;
            case GetDumpable:
                return SyscallOutcome.Of(1UL);
            case SetHugeDisable when (call.A2 | call.A3 | call.A4) == 0:
                call.Space.ForbidsHuge = call.A1 != 0;
                return Errno.None;
            case GetHugeDisable when (call.A1 | call.A2 | call.A3 | call.A4) == 0:
                return SyscallOutcome.Of(call.Space.ForbidsHuge ? 1UL : 0);
            case SetDumpable:
            case SetNoNewPrivileges:
                return Errno.None;
            default:
                return new Refusal(Errno.EINVAL, ErrnoCause.CommandUnknown);
        }
    }

    /// <summary><c>personality</c>: only Linux's own, with or without address randomisation.</summary>
    /// <returns>The persona before; EINVAL for another.</returns>
    public static SyscallOutcome Personality(in SyscallCall call) =>
        call.A0 is QueryPersonality or 0 or AddressNoRandomize ? Errno.None : new Refusal(Errno.EINVAL, ErrnoCause.PersonaUnknown);
}
