using System.Runtime.InteropServices;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Fuzz;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Oracles;

/// <summary>One instruction of the XSAVE family on the host's processor and on the emulated one, from the same registers and area.</summary>
/// <remarks>
/// XRSTOR brings in the registers on both sides, because how a processor tracks whether a component is in use depends on how it was
/// last written. RBX holds the address of the area, EDX:EAX what is asked for, ECX is 1.
/// </remarks>
public sealed unsafe class XsavePair : IDisposable
{
    /// <summary>Legacy region, header and AVX state.</summary>
    public const int AreaBytes = 832;

    private const int SecondArea = 1024;
    private readonly HostCpu _host = new();
    private readonly BareCore _core = new(HostProcessor.Like(CpuModels.Max));
    private readonly byte* _areas = (byte*)NativeMemory.AlignedAlloc(2 * SecondArea, 64);

    public XsavePair(Action<Assembler> instruction)
    {
        Assembler a = new(64);
        a.xrstor64(__[rsi]);
        a.mov(rax, rdi);
        instruction(a);
        using MemoryStream stream = new();
        a.Assemble(new StreamCodeWriter(stream), BareCore.Code);
        _host.Prepare(stream.ToArray());
        _core.Load(stream.ToArray());
    }

    /// <summary>Runs both, the registers brought in from <paramref name="state"/>.</summary>
    /// <remarks>
    /// A switch of the host's own kernel between the two instructions leaves a component in use that was not, so its answer counts
    /// when it came twice in a row.
    /// </remarks>
    public (XsaveAfter Ours, XsaveAfter Theirs) Run(byte[] state, byte[] area, ulong asked)
    {
        XsaveAfter before;
        XsaveAfter theirs = OnHost(state, area, asked);
        do
        {
            before = theirs;
            theirs = OnHost(state, area, asked);
        }
        while (!theirs.SameAs(before));

        return (OnCore(state, area, asked), theirs);
    }

    public void Dispose()
    {
        _host.Dispose();
        _core.Dispose();
        NativeMemory.AlignedFree(_areas);
    }

    private XsaveAfter OnHost(byte[] state, byte[] area, ulong asked)
    {
        state.CopyTo(new Span<byte>(_areas, AreaBytes));
        area.CopyTo(new Span<byte>(_areas + SecondArea, AreaBytes));
        ref HostFrame frame = ref _host.Frame;
        fixed (byte* fx = frame.Fx, ymm = frame.Ymm)
        {
            FxImage.Reset(new Span<byte>(fx, UserContext.FxBytes));
            ulong* general = (ulong*)(fx + HostFrame.GeneralOffset);
            (general[0], general[1], general[2]) = (7, 1, 0);
            (general[3], general[6], general[7]) = ((ulong)(_areas + SecondArea), (ulong)_areas, asked);
            frame.Flags = 0x202;
            _host.Run();
            byte[] registers = [.. new Span<byte>(fx, 416), .. new byte[256]];
            for (int i = 0; i < 16; i++)
            {
                new Span<byte>(ymm + (32 * i) + 16, 16).CopyTo(registers.AsSpan(416 + (16 * i)));
            }

            return new XsaveAfter(registers, new Span<byte>(_areas + SecondArea, AreaBytes).ToArray(), general[0]);
        }
    }

    private XsaveAfter OnCore(byte[] state, byte[] area, ulong asked)
    {
        state.CopyTo(_core.DataBytes(0, AreaBytes));
        area.CopyTo(_core.DataBytes(SecondArea, AreaBytes));
        (_core[Register.RAX], _core[Register.RCX], _core[Register.RDX]) = (7, 1, 0);
        (_core[Register.RBX], _core[Register.RSI], _core[Register.RDI]) = (BareCore.Data + SecondArea, BareCore.Data, asked);
        _core.Rip = BareCore.Code;
        _core.Run(3).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        byte[] registers = new byte[416 + 256];
        FxImage.Save(_core.Core.Vcpu, registers);
        XsaveImage.SaveUpper(_core.Core.Vcpu.State, registers.AsSpan(416));
        return new XsaveAfter(registers, _core.DataBytes(SecondArea, AreaBytes).ToArray(), _core[Register.RAX]);
    }
}

/// <summary>What was left behind.</summary>
/// <param name="Registers">x87 and SSE state as FXSAVE writes it, then the upper halves of the YMM registers.</param>
/// <param name="Area">The area.</param>
/// <param name="Rax">RAX.</param>
public sealed record XsaveAfter(byte[] Registers, byte[] Area, ulong Rax)
{
    /// <summary>True when every byte is the same.</summary>
    public bool SameAs(XsaveAfter other) =>
        Rax == other.Rax && Registers.AsSpan().SequenceEqual(other.Registers) && Area.AsSpan().SequenceEqual(other.Area);
}
