using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>x87 and MMX stores that fault, as each maker leaves registers and memory; values from records of both.</summary>
public sealed unsafe class FpuFaultHabitTests
{
    private const ulong End = BareCore.Data + (BareCore.DataPages << 12);

    [Theory]
    [Habit(CpuHabits.BlockedFpuStoreIsNoAccess)]
    [InlineData(CpuVendor.Amd, CoreExitKind.PageFault, 0x3800, 0UL)]
    [InlineData(CpuVendor.Intel, CoreExitKind.BudgetSpent, 0xB881, End)]
    public void A_store_that_an_unmasked_exception_forbids_asks_for_memory_on_amd_alone(CpuVendor vendor, CoreExitKind kind, int status, ulong operand)
    {
        using BareCore core = Ready(vendor, a => a.fisttp(__word_ptr[rbx]), Big);
        core[Register.RBX] = End;

        core.Run(1).Kind.ShouldBe(kind);

        core.Core.Vcpu.FpuStatus.ShouldBe((ushort)status);
        core.Core.Vcpu.State->FpuDp.ShouldBe(operand);
    }

    [Theory]
    [Habit(CpuHabits.BlockedFpuStoreIsNoAccess)]
    [InlineData(CpuVendor.Amd, ExceptionVector.AC)]
    [InlineData(CpuVendor.Intel, null)]
    public void Nor_is_its_alignment_checked_by_intel(CpuVendor vendor, ExceptionVector? vector)
    {
        using BareCore core = Ready(vendor, a => a.fisttp(__word_ptr[rbx]), Big);
        core[Register.RBX] = BareCore.Data + 1;
        core.SetFlags(Rflags.AC);

        CoreExit exit = core.Run(1);

        (exit.Kind == CoreExitKind.Exception ? exit.Vector : (ExceptionVector?)null).ShouldBe(vector);
    }

    [Theory]
    [Habit(CpuHabits.TenBytesStoredInParts)]
    [InlineData(CpuVendor.Amd, "fstp", 8, 0UL)]
    [InlineData(CpuVendor.Intel, "fstp", 8, 0xC90F_DAA2_2168_C235UL)]
    [InlineData(CpuVendor.Amd, "fstp", 9, 0UL)]
    [InlineData(CpuVendor.Intel, "fstp", 9, 0xC90F_DAA2_2168_C235UL)]
    [InlineData(CpuVendor.Intel, "fstp", 7, 0UL)]
    [InlineData(CpuVendor.Amd, "fbstp", 8, 0UL)]
    [InlineData(CpuVendor.Intel, "fbstp", 8, 3UL)]
    public void The_first_eight_of_ten_bytes_are_there_on_intel_when_the_last_two_fault(CpuVendor vendor, string name, int before, ulong stored)
    {
        using BareCore core = Ready(vendor, a => Store(a, name), (0x4000, 0xC90F_DAA2_2168_C235));
        core[Register.RBX] = End - (ulong)before;
        core.DataBytes((BareCore.DataPages << 12) - before, before).Clear();

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Fault.Cr2.Raw, core.Rip).ShouldBe((CoreExitKind.PageFault, End, BareCore.Code));
        Span<byte> bytes = stackalloc byte[8];
        core.DataBytes((BareCore.DataPages << 12) - before, Math.Min(before, 8)).CopyTo(bytes);
        BinaryPrimitives.ReadUInt64LittleEndian(bytes).ShouldBe(stored);
        core.Core.Vcpu.FpuStatus.ShouldBe((ushort)0x3800);
    }

    [Theory]
    [Habit(CpuHabits.MmxStoreClearsTopFirst)]
    [InlineData(CpuVendor.Amd, "movq", 3, 0x9CU)]
    [InlineData(CpuVendor.Intel, "movq", 0, 0x9CU)]
    [InlineData(CpuVendor.Amd, "movd", 3, 0x9CU)]
    [InlineData(CpuVendor.Intel, "movd", 0, 0x9CU)]
    [InlineData(CpuVendor.Amd, "movntq", 3, 0x9CU)]
    [InlineData(CpuVendor.Intel, "movntq", 0, 0x9CU)]
    [InlineData(CpuVendor.Amd, "load", 3, 0x9CU)]
    [InlineData(CpuVendor.Intel, "load", 3, 0x9CU)]
    [InlineData(CpuVendor.Amd, "maskmovq", 0, 0xFFU)]
    [InlineData(CpuVendor.Intel, "maskmovq", 0, 0xFFU)]
    public void An_MMX_store_that_faults_has_cleared_TOP_on_intel(CpuVendor vendor, string name, int top, uint tags)
    {
        using BareCore core = Ready(vendor, a => Store(a, name), (0, 0));
        (core[Register.RBX], core[Register.RDI]) = (End, End);
        CpuState* s = core.Core.Vcpu.State;
        (s->FpuTop, s->FpuInUse) = (3, 0x9C);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);

        (s->FpuTop, s->FpuInUse).ShouldBe((top, tags));
    }

    private static (ushort High, ulong Low) Big => (0x4030, 0x8000_0000_0000_0000);

    /// <summary>ST(0) in register 7, IE unmasked.</summary>
    private static BareCore Ready(CpuVendor vendor, Action<Assembler> code, (ushort High, ulong Low) value)
    {
        BareCore core = new BareCore().Assemble(code);
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        CpuState* s = core.Core.Vcpu.State;
        (s->FpuTop, s->FpuInUse, s->FpuControl) = (7, 0x80, 0x037E);
        (*(ulong*)(s->Fpu + 0x70), *(ushort*)(s->Fpu + 0x78)) = (value.Low, value.High);
        return core;
    }

    private static void Store(Assembler a, string name)
    {
        switch (name)
        {
            case "fstp":
                a.fstp(__tbyte_ptr[rbx]);
                break;
            case "fbstp":
                a.fbstp(__tbyte_ptr[rbx]);
                break;
            case "movq":
                a.movq(__qword_ptr[rbx], mm0);
                break;
            case "movd":
                a.movd(__dword_ptr[rbx], mm0);
                break;
            case "movntq":
                a.movntq(__qword_ptr[rbx], mm0);
                break;
            case "load":
                a.movq(mm0, __qword_ptr[rbx]);
                break;
            default:
                a.maskmovq(mm0, mm1);
                break;
        }
    }
}
