using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Oracles;

/// <summary>Runs one instruction with a page of its operand missing or read-only: no trace of the attempt may stay, and once the page is there the result is the usual one.</summary>
/// <remarks>What an instruction reads and writes is Iced's word, not the core's.</remarks>
public sealed unsafe class FaultPrecision : IDisposable
{
    public const ulong Region = 0x2000_0000;
    public const int RegionBytes = 0x4000;
    public const ulong Hole = Region + 0x2000;
    private const ulong Frame = 0x800;
    private const PteBits Writable = PteBits.P | PteBits.RW | PteBits.US | PteBits.XD;

    private readonly BareCore _core = new();
    private readonly InstructionInfoFactory _facts = new();
    private readonly byte[] _memory = new byte[RegionBytes];
    private ulong _flags;

    public FaultPrecision(Random random)
    {
        // Iced's lengths of memory operands are those of Intel's manual.
        _core.Core.Vcpu.Model = CpuModels.Max.MadeBy(CpuVendor.Intel);
        random.NextBytes(_memory);
        for (ulong i = 0; i < RegionBytes / 4096; i++)
        {
            _core.Map(Region + (i << 12), Frame + i, Writable);
        }
    }

    /// <summary>Attempts that ended in a page fault.</summary>
    public int Faults { get; private set; }

    /// <summary>Initial registers.</summary>
    public ulong[] Registers { get; } = new ulong[16];

    private Span<byte> Memory => _core.Ram.SliceToWrite(new PhysAddr(Frame << 12), RegionBytes);

    /// <summary>Null when all holds; else what does not.</summary>
    public string? FirstBreach(Instruction instruction, byte[] code, ulong flags)
    {
        _flags = flags | Rflags.AlwaysSet | Rflags.IF;
        code.CopyTo(_core.Ram.SliceToWrite(new PhysAddr(0x40_0000), code.Length));
        _core.Core.Vcpu.CodeWritten(new PhysAddr(0x40_0000), 16);
        Begin(Writable);
        if (_core.Run(1).Kind is not (CoreExitKind.BudgetSpent or CoreExitKind.Syscall))
        {
            return null;
        }

        Outcome usual = Now();
        return BreachWith(instruction, PteBits.None, usual) ?? BreachWith(instruction, PteBits.P | PteBits.US | PteBits.XD, usual);
    }

    public void Dispose() => _core.Dispose();

    private string? BreachWith(in Instruction instruction, PteBits bits, Outcome usual)
    {
        List<PageFault> expected = ExpectedFaults(instruction, bits);
        Begin(bits);
        Outcome before = Now();
        ulong retired = _core.Core.Retired;
        CoreExit exit = _core.Run(1);
        if (exit.Kind != CoreExitKind.PageFault)
        {
            return expected.Count > 0 ? $"{bits}: no fault where {expected[0]} was due" : Differs("result without a fault", usual, Now());
        }

        Faults++;
        if (!expected.Contains(exit.Fault) || _core.Core.Vcpu.Control.Cr2 != exit.Fault.Cr2.Raw)
        {
            return $"{bits}: {exit.Fault}, expected {(expected.Count == 0 ? "none" : expected[0])}";
        }

        if (_core.Core.Retired != retired)
        {
            return $"{bits}: the faulting instruction counts as retired";
        }

        string? trace = Differs($"{bits}: trace of the fault", before, Now());
        SetHole(Writable);
        _core.Run(1);
        return trace ?? Differs($"{bits}: result after the fault", usual, Now());
    }

    private List<PageFault> ExpectedFaults(in Instruction instruction, PteBits bits)
    {
        List<PageFault> faults = [];
        InstructionInfo info = _facts.GetInfo(instruction);
        foreach (UsedMemory memory in info.GetUsedMemory())
        {
            bool writes = memory.Access is OpAccess.Write or OpAccess.CondWrite or OpAccess.ReadWrite or OpAccess.ReadCondWrite;
            bool reads = memory.Access is OpAccess.Read or OpAccess.CondRead;
            int bytes = memory.MemorySize.GetSize();
            if (!memory.TryGetVirtualAddress(0, out ulong address, Value)
                || address + (ulong)bytes <= Hole || address >= Hole + 4096
                || !(writes || (reads && bits == PteBits.None)))
            {
                continue;
            }

            PageFaultCode code = PageFaultCode.US | (writes ? PageFaultCode.WR : PageFaultCode.None)
                | (bits == PteBits.None ? PageFaultCode.None : PageFaultCode.P);
            faults.Add(new PageFault(new VirtAddr(Math.Max(address, Hole)), code));
        }

        return faults;
    }

    private bool Value(Register register, int element, int size, out ulong value)
    {
        value = register.IsSegmentRegister() ? 0 : Registers[register.GetFullRegister().GetNumber()];
        value = register.GetSize() switch { 4 => (uint)value, 1 => (byte)value, _ => value };
        return true;
    }

    private void Begin(PteBits hole)
    {
        CpuState* s = _core.Core.Vcpu.State;
        for (int i = 0; i < 16; i++)
        {
            s->Slots[i] = Registers[i];
        }

        s->Rip = BareCore.Code;
        Rflags.Write(s, _flags);
        _memory.CopyTo(Memory);
        SetHole(hole);
    }

    private void SetHole(PteBits bits)
    {
        _core.Map(Hole, Frame + 2, bits);
        _core.Core.Mmu.InvalidateAll();
    }

    private Outcome Now()
    {
        CpuState* s = _core.Core.Vcpu.State;
        return new Outcome(new ReadOnlySpan<ulong>(s->Slots, 16).ToArray(), s->Rip, Rflags.Read(s), Memory.ToArray());
    }

    private static string? Differs(string what, Outcome expected, Outcome actual)
    {
        for (int i = 0; i < 16; i++)
        {
            if (expected.Registers[i] != actual.Registers[i])
            {
                return $"{what}: {Register.RAX + i} {actual.Registers[i]:X}, not {expected.Registers[i]:X}";
            }
        }

        return expected.Rip != actual.Rip ? $"{what}: RIP {actual.Rip:X}, not {expected.Rip:X}"
            : expected.Flags != actual.Flags ? $"{what}: flags {actual.Flags:X}, not {expected.Flags:X}"
            : !expected.Memory.AsSpan().SequenceEqual(actual.Memory) ? $"{what}: memory differs at {expected.Memory.AsSpan().CommonPrefixLength(actual.Memory):X}"
            : null;
    }

    private sealed record Outcome(ulong[] Registers, ulong Rip, ulong Flags, byte[] Memory);
}
