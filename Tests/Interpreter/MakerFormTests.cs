using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Interpreter;

/// <summary>Single encodings that AMD's and Intel's processors take differently: the rows of <see cref="CpuHabitTable"/>.</summary>
public sealed class MakerFormTests
{
    private const ulong End = BareCore.Code + 0x4000;
    private const ulong Low = 0x8000;

    [Theory]
    [InlineData("66EB10", CpuVendor.Amd, 0x0013UL)]
    [InlineData("66EB10", CpuVendor.Intel, 0x40_0013UL)]
    [InlineData("66E910000000", CpuVendor.Amd, 0x0014UL)]
    [InlineData("66E910000000", CpuVendor.Intel, 0x40_0016UL)]
    [InlineData("660F8510000000", CpuVendor.Amd, 0x0015UL)]
    [InlineData("660F8510000000", CpuVendor.Intel, 0x40_0017UL)]
    [InlineData("667510", CpuVendor.Amd, 0x0013UL)]
    [InlineData("667410", CpuVendor.Amd, 0x40_0003UL)]
    [InlineData("667410", CpuVendor.Intel, 0x40_0003UL)]
    [InlineData("66E310", CpuVendor.Amd, 0x0013UL)]
    [InlineData("66E310", CpuVendor.Intel, 0x40_0013UL)]
    [InlineData("66E210", CpuVendor.Amd, 0x0013UL)]
    [InlineData("66E210", CpuVendor.Intel, 0x40_0013UL)]
    [InlineData("6648E910000000", CpuVendor.Amd, 0x40_0017UL)]
    [InlineData("66FFE3", CpuVendor.Amd, 0x8000UL)]
    [InlineData("66FFE3", CpuVendor.Intel, 0x60_8000UL)]
    [InlineData("66FF23", CpuVendor.Amd, 0x8040UL)]
    [InlineData("66FF23", CpuVendor.Intel, 0x60_8040UL)]
    [Habit(CpuHabits.NarrowNearBranches)]
    public void A_near_jump_with_66_is_of_16_bits_on_AMD(string bytes, CpuVendor vendor, ulong target)
    {
        using BareCore core = At(bytes, vendor);
        BitConverter.GetBytes(0x60_8040UL).CopyTo(core.DataBytes(0x8000, 8));

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        core.Rip.ShouldBe(target);
    }

    [Theory]
    [InlineData("66E810000000", CpuVendor.Amd, 0x0014UL, 2, 0x0004UL)]
    [InlineData("66E810000000", CpuVendor.Intel, 0x40_0016UL, 8, 0x40_0006UL)]
    [InlineData("66FFD3", CpuVendor.Amd, 0x8000UL, 2, 0x0003UL)]
    [InlineData("66FFD3", CpuVendor.Intel, 0x60_8000UL, 8, 0x40_0003UL)]
    [InlineData("66FF13", CpuVendor.Amd, 0x8040UL, 2, 0x0003UL)]
    [InlineData("66FF13", CpuVendor.Intel, 0x60_8040UL, 8, 0x40_0003UL)]
    [Habit(CpuHabits.NarrowNearBranches)]
    public void A_near_call_with_66_pushes_two_bytes_on_AMD(string bytes, CpuVendor vendor, ulong target, int pushed, ulong word)
    {
        using BareCore core = At(bytes, vendor);
        BitConverter.GetBytes(0x60_8040UL).CopyTo(core.DataBytes(0x8000, 8));

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (core.Rip, core.Core.Vcpu[Gpr.Rsp]).ShouldBe((target, BareCore.StackTop - (ulong)pushed));
        ReadOnlySpan<byte> stack = core.Ram.Slice(new PhysAddr(0x70_1000 - (ulong)pushed), pushed);
        (pushed == 2 ? BitConverter.ToUInt16(stack) : BitConverter.ToUInt64(stack)).ShouldBe(word);
    }

    [Theory]
    [InlineData("66C3", CpuVendor.Amd, 0x8040UL, 2)]
    [InlineData("66C3", CpuVendor.Intel, 0x60_8040UL, 8)]
    [InlineData("66C20800", CpuVendor.Amd, 0x8040UL, 10)]
    [InlineData("66C20800", CpuVendor.Intel, 0x60_8040UL, 16)]
    [Habit(CpuHabits.NarrowNearBranches)]
    public void A_near_return_with_66_pops_two_bytes_on_AMD(string bytes, CpuVendor vendor, ulong target, int popped)
    {
        using BareCore core = At(bytes, vendor);
        core.Core.Vcpu[Gpr.Rsp] = core.Core.Vcpu[Gpr.Rbx];
        BitConverter.GetBytes(0x60_8040UL).CopyTo(core.DataBytes(0x8000, 8));

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (core.Rip, core.Core.Vcpu[Gpr.Rsp]).ShouldBe((target, BareCore.Data + Low + (ulong)popped));
    }

    [Theory]
    [InlineData(CpuVendor.Amd, CoreExitKind.PageFault)]
    [InlineData(CpuVendor.Intel, CoreExitKind.BudgetSpent)]
    [Habit(CpuHabits.MovsxdReadsFour)]
    public void MOVSXD_of_two_bytes_reads_four_on_AMD(CpuVendor vendor, CoreExitKind kind)
    {
        using BareCore core = At("666303", vendor);
        core.Core.Vcpu[Gpr.Rbx] = BareCore.Data + (BareCore.DataPages * 0x1000) - 2;

        core.Run(1).Kind.ShouldBe(kind);

        core.Core.Vcpu[Gpr.Rbx] = BareCore.Data + Low;
        core.Core.Vcpu[Gpr.Rax] = 0x1111_1111_1111_1111;
        core.Rip = BareCore.Code;
        core.DataBytes(0x8000, 2).Fill(0xF0);
        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        core.Core.Vcpu[Gpr.Rax].ShouldBe(0x1111_1111_1111_F0F0UL);
    }

    [Theory]
    [InlineData("0F0DC0", CpuVendor.Amd, true)]
    [InlineData("0F0DC0", CpuVendor.Intel, false)]
    [InlineData("0F0DF9", CpuVendor.Amd, true)]
    [InlineData("0F0DF9", CpuVendor.Intel, false)]
    [InlineData("0F18C8", CpuVendor.Amd, false)]
    [InlineData("0F18C8", CpuVendor.Intel, false)]
    [InlineData("F00F20C0", CpuVendor.Intel, true)]
    [InlineData("C4E3FD00C100", CpuVendor.Amd, false)]
    [InlineData("C4E3FD00C100", CpuVendor.Intel, false)]
    [InlineData("C4E37D00C100", CpuVendor.Amd, false)]
    [InlineData("C4E37D00C100", CpuVendor.Intel, true)]
    [InlineData("C4E37D01C100", CpuVendor.Amd, false)]
    [InlineData("C4E37D01C100", CpuVendor.Intel, true)]
    [InlineData("C4E37900C100", CpuVendor.Amd, true)]
    [InlineData("0F34", CpuVendor.Amd, true)]
    [Habit(CpuHabits.PrefetchNeedsMemory | CpuHabits.PermuteIgnoresW | CpuHabits.LockedCr0IsCr8 | CpuHabits.SysenterInLongMode)]
    public void What_is_no_instruction_is_so_on_its_maker_alone(string bytes, CpuVendor vendor, bool undefined)
    {
        using BareCore core = At(bytes, vendor);
        core.Core.Vcpu.Control.Xcr0 = 7;
        core.Core.Vcpu.Control.Cr4 |= MmuEmu.Emulator.Translation.Cr4Bits.Osxsave;

        CoreExit exit = core.Run(1);

        (exit.Kind, exit.Kind == CoreExitKind.Exception ? exit.Vector : ExceptionVector.UD)
            .ShouldBe((undefined ? CoreExitKind.Exception : CoreExitKind.BudgetSpent, ExceptionVector.UD));
    }

    [Theory]
    [InlineData("0FFF", CpuVendor.Amd, false)]
    [InlineData("0FFF", CpuVendor.Intel, true)]
    [InlineData("0FB9", CpuVendor.Amd, false)]
    [InlineData("0FB9", CpuVendor.Intel, true)]
    [InlineData("0FB980", CpuVendor.Amd, false)]
    [InlineData("0FB980", CpuVendor.Intel, true)]
    [InlineData("0F0B", CpuVendor.Intel, false)]
    [InlineData("62C0", CpuVendor.Amd, true)]
    [InlineData("62C0", CpuVendor.Intel, false)]
    [InlineData("62F1", CpuVendor.Amd, true)]
    [InlineData("66E81000", CpuVendor.Amd, null)]
    [InlineData("66E81000", CpuVendor.Intel, true)]
    [InlineData("F081B8", CpuVendor.Amd, true)]
    [InlineData("F08B", CpuVendor.Amd, true)]
    [InlineData("0F04", CpuVendor.Amd, false)]
    [InlineData("0FB8", CpuVendor.Amd, true)]
    [Habit(CpuHabits.UndefinedWithoutOperand | CpuHabits.EvexMapComesFirst)]
    public void The_next_page_is_asked_for_only_when_the_instruction_goes_on(string bytes, CpuVendor vendor, bool? asked)
    {
        using BareCore core = At(bytes, vendor);
        byte[] code = Convert.FromHexString(bytes);
        core.Rip = End - (ulong)code.Length;
        code.CopyTo(core.Ram.SliceToWrite(new PhysAddr(0x40_4000 - (ulong)code.Length), code.Length));

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(asked switch { null => CoreExitKind.BudgetSpent, true => CoreExitKind.PageFault, _ => CoreExitKind.Exception });
        if (asked == true)
        {
            exit.Fault.Cr2.Raw.ShouldBe(End);
        }
    }

    [Theory]
    [InlineData(13, "0FB9C0", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData(13, "0FB9C0", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData(13, "0FFFC0", CpuVendor.Amd, ExceptionVector.UD)]
    [InlineData(13, "0FFFC0", CpuVendor.Intel, ExceptionVector.GP)]
    [InlineData(15, "90", CpuVendor.Amd, ExceptionVector.GP)]
    [InlineData(15, "90", CpuVendor.Intel, ExceptionVector.GP)]
    [Habit(CpuHabits.UndefinedWithoutOperand)]
    public void Too_long_is_what_the_maker_counts(int prefixes, string bytes, CpuVendor vendor, ExceptionVector vector)
    {
        using BareCore core = At(string.Concat(Enumerable.Repeat("66", prefixes)) + bytes, vendor);

        core.Run(1).Vector.ShouldBe(vector);
    }

    [Theory]
    [InlineData("F34190", CpuVendor.Amd, true)]
    [InlineData("F34190", CpuVendor.Intel, false)]
    [InlineData("4190", CpuVendor.Intel, true)]
    [InlineData("F390", CpuVendor.Amd, false)]
    [Habit(CpuHabits.PauseIgnoresRexB)]
    public void PAUSE_with_REX_B_exchanges_on_AMD(string bytes, CpuVendor vendor, bool exchanges)
    {
        using BareCore core = At(bytes, vendor);
        (core.Core.Vcpu[Gpr.Rax], core.Core.Vcpu[Gpr.R8]) = (1, 2);

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (core.Core.Vcpu[Gpr.Rax], core.Core.Vcpu[Gpr.R8]).ShouldBe(exchanges ? (2UL, 1UL) : (1UL, 2UL));
    }

    [Theory]
    [InlineData("480FB403", CpuVendor.Amd, 0x8566_7788UL)]
    [InlineData("480FB403", CpuVendor.Intel, 0x0000_0000_8566_7788UL)]
    [InlineData("0FB403", CpuVendor.Amd, 0x8566_7788UL)]
    [Habit(CpuHabits.ShortFarPointers)]
    public void A_far_pointer_with_REX_W_has_an_offset_of_64_bits_on_Intel(string bytes, CpuVendor vendor, ulong offset)
    {
        // Given a pointer whose selector lies behind four bytes, and a null selector behind eight
        using BareCore core = At(bytes, vendor);
        BitConverter.GetBytes(0x8566_7788U).CopyTo(core.DataBytes(0x8000, 4));
        bool wide = vendor == CpuVendor.Intel && bytes.StartsWith("48", StringComparison.Ordinal);
        BitConverter.GetBytes((ushort)3).CopyTo(core.DataBytes(wide ? 0x8008 : 0x8004, 2));

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (core.Core.Vcpu[Gpr.Rax], core.Core.Vcpu.Control.SelectorOf((int)SegmentNumber.Fs)).ShouldBe((offset, (ushort)3));
    }

    /// <summary>RAX from GS:[RBX], where base and offset together give the data page.</summary>
    [Theory]
    [InlineData("65488B03", 0x7FFF_FFFF_FFF8UL, CpuVendor.Amd, true)]
    [InlineData("65488B03", 0x7FFF_FFFF_FFF9UL, CpuVendor.Amd, false)]
    [InlineData("65488B03", 0x7FFF_FFFF_FFF9UL, CpuVendor.Intel, true)]
    [InlineData("658A03", 0x7FFF_FFFF_FFFFUL, CpuVendor.Amd, true)]
    [InlineData("65488B03", 0x8000_0000_0000UL, CpuVendor.Amd, false)]
    [InlineData("65488B03", 0x8000_0000_0000UL, CpuVendor.Intel, true)]
    [InlineData("65488903", 0x8000_0000_0000UL, CpuVendor.Amd, false)]
    [InlineData("65488903", 0x8000_0000_0000UL, CpuVendor.Intel, true)]
    [InlineData("65488B03", 0xFFFF_FFFF_FFFF_FFFCUL, CpuVendor.Amd, true)]
    [InlineData("65488B03", 0xFFFF_FFFF_FFFF_FFFCUL, CpuVendor.Intel, true)]
    [Habit(CpuHabits.CanonicalOffsets)]
    public void An_offset_under_GS_has_to_be_canonical_by_itself_on_AMD(string bytes, ulong offset, CpuVendor vendor, bool passes)
    {
        using BareCore core = At(bytes, vendor);
        core.Core.Vcpu[Gpr.Rbx] = offset;
        core.Core.Vcpu.GsBase = BareCore.Data + Low - offset;

        CoreExit exit = core.Run(1);

        exit.Kind.ShouldBe(passes ? CoreExitKind.BudgetSpent : CoreExitKind.Exception);
        if (!passes)
        {
            exit.Vector.ShouldBe(ExceptionVector.GP);
        }
    }

    /// <summary>Code of a processor of <paramref name="vendor"/>; RBX points into the data, RCX is 0.</summary>
    private static BareCore At(string bytes, CpuVendor vendor)
    {
        BareCore core = new();
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        core.Load(Convert.FromHexString(bytes));
        core.Core.Vcpu[Gpr.Rbx] = BareCore.Data + Low;
        return core;
    }
}
