using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Timing;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Fuzz;

namespace MmuEmu.Tests.Decode;

/// <summary>One instruction executed from chosen registers: what it changed, as an independent word on its shape.</summary>
public sealed class ShapeRun : IDisposable
{
    private const ulong Defined = 0x0CD5;
    private const int Mxcsr = 24;
    private const int St = 32;
    private const int Xmm = 160;

    private readonly BareCore _bare = new();
    private readonly byte[] _memory = new byte[4096];

    /// <summary>Registers that a run begins with: pointers into the data pages in all but RCX, which is small.</summary>
    public static UserContext Registers(FuzzRandom random)
    {
        UserContext context = new();
        context.Reset();
        for (int i = 0; i < 16; i++)
        {
            context.Registers[i] = BareCore.Data + 0x4000 + (random.Bits() & 0xF78);
        }

        context.Registers[1] = random.Bits() & 3;
        context.Registers[Gpr.Rsp] = BareCore.StackTop - 0x2000;
        context.Rflags = Rflags.AlwaysSet | Rflags.IF | (random.Bits() & 0x8D5);
        random.NextBytes(context.Fx[St..]);
        random.NextBytes(context.Upper);
        context.Upper[..16].Clear();
        return context;
    }

    /// <summary>Changes every register that <paramref name="reads"/> does not name.</summary>
    public static UserContext Disturbed(UserContext from, RegisterSet reads, uint flagsRead, FuzzRandom random)
    {
        UserContext other = Copy(from);
        for (int i = 0; i < 16; i++)
        {
            other.Registers[i] ^= reads.Has(RegisterSet.General(i)) ? 0 : random.Bits();
            if (!reads.Has(RegisterSet.Vector(i)))
            {
                random.NextBytes(other.Fx.Slice(Xmm + (16 * i), 16));
                random.NextBytes(other.Upper.Slice(16 * i, 16));
            }
        }

        for (int i = 0; i < 8 && !reads.Has(RegisterSet.X87); i++)
        {
            random.NextBytes(other.Fx.Slice(St + (16 * i), 10));
        }

        other.Rflags ^= random.Bits() & 0x8D5 & ~(ulong)flagsRead;
        return other;
    }

    /// <summary>Executes the instruction; null when it did not retire and go on.</summary>
    public UserContext? Execute(byte[] bytes, UserContext from, out byte[] memory)
    {
        const ulong at = BareCore.Code;
        bytes.CopyTo(_bare.Ram.SliceToWrite(new PhysAddr(at), bytes.Length));
        _bare.Core.Vcpu.CodeWritten(new PhysAddr(at), bytes.Length);
        FillMemory();
        _bare.Core.Vcpu.Load(from);
        _bare.Rip = at;
        CoreExit exit = _bare.Run(1);
        memory = [.. _bare.DataBytes(0, BareCore.DataPages * 4096), .. _bare.Ram.Slice(new PhysAddr(0x70_0000), BareCore.DataPages * 4096)];
        if (exit.Kind != CoreExitKind.BudgetSpent)
        {
            return null;
        }

        UserContext to = new();
        _bare.Core.Vcpu.Save(to);
        return to;
    }

    /// <summary>The registers in which two states differ.</summary>
    public static RegisterSet Differences(UserContext one, UserContext other)
    {
        RegisterSet differ = RegisterSet.None;
        for (int i = 0; i < 16; i++)
        {
            differ |= one.Registers[i] == other.Registers[i] ? RegisterSet.None : RegisterSet.General(i);
            bool same = one.Fx.Slice(Xmm + (16 * i), 16).SequenceEqual(other.Fx.Slice(Xmm + (16 * i), 16))
                && one.Upper.Slice(16 * i, 16).SequenceEqual(other.Upper.Slice(16 * i, 16));
            differ |= same ? RegisterSet.None : RegisterSet.Vector(i);
        }

        for (int i = 0; i < 8; i++)
        {
            differ |= one.Fx.Slice(St + (16 * i), 10).SequenceEqual(other.Fx.Slice(St + (16 * i), 10)) ? RegisterSet.None : RegisterSet.X87;
        }

        differ |= one.Fx.Slice(Mxcsr, 4).SequenceEqual(other.Fx.Slice(Mxcsr, 4)) ? RegisterSet.None : RegisterSet.Mxcsr;
        differ |= one.Fx[..6].SequenceEqual(other.Fx[..6]) ? RegisterSet.None : RegisterSet.X87Words;
        return differ | (one.FsBase == other.FsBase ? RegisterSet.None : RegisterSet.Fs) | (one.GsBase == other.GsBase ? RegisterSet.None : RegisterSet.Gs);
    }

    /// <summary>The arithmetic and direction flags in which two states differ.</summary>
    public static uint FlagDifferences(UserContext one, UserContext other) => (uint)((one.Rflags ^ other.Rflags) & Defined);

    public void Dispose() => _bare.Dispose();

    private static UserContext Copy(UserContext from)
    {
        UserContext copy = new() { Rip = from.Rip, Rflags = from.Rflags, FsBase = from.FsBase, GsBase = from.GsBase };
        from.Registers.CopyTo(copy.Registers);
        from.Fx.CopyTo(copy.Fx);
        from.Upper.CopyTo(copy.Upper);
        return copy;
    }

    private void FillMemory()
    {
        for (int i = 0; i < _memory.Length; i++)
        {
            _memory[i] = (byte)((i * 37) + (i >> 5));
        }

        for (int page = 0; page < BareCore.DataPages; page++)
        {
            _memory.CopyTo(_bare.DataBytes(page * 4096, 4096));
            _memory.CopyTo(_bare.Ram.SliceToWrite(new PhysAddr(0x70_0000 + ((ulong)page * 4096)), 4096));
        }
    }
}
