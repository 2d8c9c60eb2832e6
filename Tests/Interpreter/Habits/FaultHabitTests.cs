using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>What a fault leaves behind, and which of several is seen, on the processors of both makers.</summary>
public sealed class FaultHabitTests
{
    private const ulong End = BareCore.Data + (BareCore.DataPages * 4096);
    private const ulong Nowhere = 0x7000_0000;

    public static TheoryData<CpuVendor> Vendors => [CpuVendor.Amd, CpuVendor.Intel];

    [Theory]
    [Habit(CpuHabits.VectorsEscapeAlignmentCheck)]
    [MemberData(nameof(Vendors))]
    public void Under_AC_unaligned_vectors_are_checked_on_AMD_alone(CpuVendor vendor)
    {
        Action<Assembler>[] instructions =
        [
            a => a.movups(xmm0, __[rbx]), a => a.movdqu(__[rbx], xmm0), a => a.lddqu(xmm0, __[rbx]), a => a.vpaddb(ymm0, ymm1, __[rbx]),
            a => a.pcmpistri(xmm0, __[rbx], 0), a => a.vmovupd(__[rbx], ymm0),
        ];
        foreach (Action<Assembler> instruction in instructions)
        {
            using BareCore core = Core(vendor, instruction);
            core[Register.RBX] = BareCore.Data + 8;

            ExceptionOf(RunChecked(core)).ShouldBe(vendor == CpuVendor.Amd ? ExceptionVector.AC : null);
        }
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public void Under_AC_scalars_and_halves_of_vectors_are_checked_on_both(CpuVendor vendor)
    {
        foreach (Action<Assembler> instruction in (Action<Assembler>[])[a => a.mov(eax, __[rbx]), a => a.movlps(xmm0, __[rbx]), a => a.movss(xmm0, __[rbx])])
        {
            using BareCore core = Core(vendor, instruction);
            core[Register.RBX] = BareCore.Data + 2;

            ExceptionOf(RunChecked(core)).ShouldBe(ExceptionVector.AC);
        }
    }

    [Theory]
    [Habit(CpuHabits.FaultRestoresComparedFlags)]
    [InlineData(CpuVendor.Amd, "---AP-")]
    [InlineData(CpuVendor.Intel, "-S-A-C")]
    public void A_fault_in_the_middle_of_REPNE_SCASB_shows_flags(CpuVendor vendor, string flags)
    {
        // Given a byte that is 12 more than AL's, and behind it nothing
        using BareCore core = Core(vendor, a => a.repne.scasb());
        core.DataBytes((BareCore.DataPages * 4096) - 1, 1)[0] = 0xC;
        (core[Register.RAX], core[Register.RDI], core[Register.RCX]) = (0x1B, End - 1, 5);
        core.SetFlags(Rflags.AlwaysSet | FlagText.Parse("-S-A-C"));

        // When the second step faults, then RCX and RDI tell of the first on both, and the flags on one
        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        (core[Register.RDI], core[Register.RCX]).ShouldBe((End, 4UL));
        FlagText.Of(core.Flags).ShouldBe(flags);
    }

    [Theory]
    [Habit(CpuHabits.ComparesTargetFirst)]
    [InlineData(CpuVendor.Amd, Nowhere)]
    [InlineData(CpuVendor.Intel, End)]
    public void Of_two_operands_of_CMPS_that_fault_one_is_seen(CpuVendor vendor, ulong address)
    {
        using BareCore core = Core(vendor, a => a.cmpsb());
        (core[Register.RSI], core[Register.RDI]) = (Nowhere, End);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Control.Cr2.ShouldBe(address);
    }

    [Theory]
    [Habit(CpuHabits.CallPushesBeforeTarget)]
    [InlineData(CpuVendor.Amd, 0x1234UL)]
    [InlineData(CpuVendor.Intel, BareCore.Code + 2)]
    public void A_call_to_no_canonical_address_leaves_below_the_stack(CpuVendor vendor, ulong below)
    {
        using BareCore core = Core(vendor, a => a.call(rbx));
        core[Register.RBX] = 0x8000_0000_0000_0000;
        core[Register.RSP] = BareCore.Data + 64;
        BitConverter.TryWriteBytes(core.DataBytes(56, 8), 0x1234UL);

        ExceptionOf(core.Run(1)).ShouldBe(ExceptionVector.GP);
        (core[Register.RSP], BitConverter.ToUInt64(core.DataBytes(56, 8))).ShouldBe((BareCore.Data + 64, below));
    }

    [Theory]
    [Habit(CpuHabits.TrapBetweenIterationsSetsResume)]
    [InlineData(CpuVendor.Amd, false)]
    [InlineData(CpuVendor.Intel, true)]
    public void A_trap_between_iterations_shows_RF(CpuVendor vendor, bool set)
    {
        using BareCore core = Core(vendor, a => a.rep.stosb());
        (core[Register.RDI], core[Register.RCX]) = (BareCore.Data, 2);
        core.SetFlags(Rflags.AlwaysSet | Rflags.TF);

        core.Run(1);
        ((core.Flags & Rflags.RF) != 0, core.Rip).ShouldBe((set, BareCore.Code));
        core.Run(1);
        ((core.Flags & Rflags.RF) != 0, core.Rip).ShouldBe((false, BareCore.Code + 2));
    }

    [Theory]
    [Habit(CpuHabits.MaskedMoveWrapsNarrowly)]
    [InlineData(CpuHabits.None, 0x1_0000_0004UL)]
    [InlineData(CpuHabits.MaskedMoveWrapsNarrowly, 4UL)]
    public void A_masked_move_at_the_end_of_32_bit_addresses_goes_on_or_wraps(CpuHabits more, ulong address)
    {
        CpuModel amd = CpuModels.Max;
        using BareCore core = new BareCore(amd with { Habits = amd.Habits | more }).Assemble(a => a.vmaskmovps(xmm0, xmm1, __[ebx]));
        core[Register.RBX] = 0xFFFF_FFFC;
        VectorHabitTests.Put(core, 1, 0, 0, uint.MaxValue, 0);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);
        core.Core.Vcpu.Control.Cr2.ShouldBe(address);
    }

    [Theory]
    [MemberData(nameof(Vendors))]
    public void ENTER_that_faults_has_pushed_what_came_before(CpuVendor vendor)
    {
        // Given a display whose second entry cannot be read
        using BareCore core = Core(vendor, a => a.enter(0, 3));
        (core[Register.RBP], core[Register.RSP]) = (End + 8, BareCore.Data + 256);
        BitConverter.TryWriteBytes(core.DataBytes(248, 8), 0x1111UL);

        core.Run(1).Kind.ShouldBe(CoreExitKind.PageFault);

        // Then RBP lies below the stack, and no register has changed
        BitConverter.ToUInt64(core.DataBytes(248, 8)).ShouldBe(End + 8);
        (core[Register.RBP], core[Register.RSP], core.Core.Vcpu.Control.Cr2).ShouldBe((End + 8, BareCore.Data + 256, End));
    }

    private static BareCore Core(CpuVendor vendor, Action<Assembler> write) => new BareCore(CpuModels.Max.MadeBy(vendor)).Assemble(write);

    private static CoreExit RunChecked(BareCore core)
    {
        core.Core.Vcpu.Control.Cr0 |= Cr0Bits.Am;
        core.SetFlags(Rflags.AlwaysSet | Rflags.AC);
        AccessChecks.Update(core.Core.Vcpu);
        return core.Run(1);
    }

    private static ExceptionVector? ExceptionOf(CoreExit exit) => exit.Kind == CoreExitKind.Exception ? exit.Vector : null;
}
