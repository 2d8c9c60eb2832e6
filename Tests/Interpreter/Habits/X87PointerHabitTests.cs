using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>FOP, FIP and FDP as each maker keeps and saves them; values from records of both.</summary>
/// <remarks>
/// No record has FNSTENV, or an instruction without exception, behind one that sets the pointers: FCS and FDS of zero are the manual's,
/// and that Intel's FOP and FDP stay is the model's choice (<see cref="CpuOpenQuestions"/>).
/// </remarks>
public sealed unsafe class X87PointerHabitTests
{
    private const ulong Image = BareCore.Data + 0x1000;
    private const ulong FldOpcode = 0x106;

    [Theory]
    [Habit(CpuHabits.FpuPointersAlwaysSaved)]
    [InlineData(CpuVendor.Amd, 0UL)]
    [InlineData(CpuVendor.Intel, BareCore.Code)]
    public void Without_a_pending_exception_intel_saves_FIP_and_amd_nothing(CpuVendor vendor, ulong instruction)
    {
        using BareCore core = Run(vendor, 2, a =>
        {
            a.fld(__dword_ptr[rsi]);
            a.fxsave64(__[rbx]);
        });

        Saved(core).ShouldBe((0UL, instruction, 0UL));
        SavedByKernel(core).ShouldBe(Saved(core));
    }

    [Theory]
    [InlineData(CpuVendor.Amd)]
    [InlineData(CpuVendor.Intel)]
    public void While_an_exception_is_pending_both_save_all_three(CpuVendor vendor)
    {
        using BareCore core = Run(vendor, 2, a =>
        {
            a.fld(__dword_ptr[rsi]);
            a.fxsave64(__[rbx]);
        }, signaling: true);

        Saved(core).ShouldBe((FldOpcode, BareCore.Code, BareCore.Data));
        SavedByKernel(core).ShouldBe(Saved(core));
    }

    [Theory]
    [Habit(CpuHabits.FpuOperandOfExceptions)]
    [InlineData(CpuVendor.Amd, 0UL, 0UL, 0UL)]
    [InlineData(CpuVendor.Intel, FldOpcode, BareCore.Code + 4, BareCore.Data)]
    public void A_later_instruction_without_exception_leaves_intels_FOP_and_FDP_alone(CpuVendor vendor, ulong opcode, ulong instruction, ulong operand)
    {
        using BareCore core = Run(vendor, 4, a =>
        {
            a.fld(__dword_ptr[rsi]);
            a.fnclex();
            a.fld1();
            a.fxsave64(__[rbx]);
        }, signaling: true);

        Saved(core).ShouldBe((opcode, instruction, operand));
    }

    [Theory]
    [Habit(CpuHabits.FpuOperandOfExceptions | CpuHabits.FpuSelectorsAreZero)]
    [InlineData(CpuVendor.Amd, 0x0106_0033U, (uint)BareCore.Data, 0xFFFF_002BU)]
    [InlineData(CpuVendor.Intel, 0U, 0U, 0xFFFF_0000U)]
    public void Fnstenv_shows_the_last_instruction_of_amd_and_only_its_address_of_intel(CpuVendor vendor, uint opcodeAndCs, uint operand, uint ds)
    {
        using BareCore core = Run(vendor, 2, a =>
        {
            a.fld(__dword_ptr[rsi]);
            a.fnstenv(__[rbx]);
        });

        (Word(core, 12), Word(core, 16), Word(core, 20), Word(core, 24)).ShouldBe(((uint)BareCore.Code, opcodeAndCs, operand, ds));
    }

    [Theory]
    [Habit(CpuHabits.FpuOperandLoadedWhole)]
    [InlineData(CpuVendor.Amd, 0xFFD8_F7E8_5C66_2C98UL)]
    [InlineData(CpuVendor.Intel, 0x37D8_F7E8_5C66_2C98UL)]
    public void A_loaded_FIP_is_made_an_address_and_FDP_by_amd_alone(CpuVendor vendor, ulong operand)
    {
        using BareCore core = Ready(vendor, a =>
        {
            a.fxrstor64(__[rbx]);
            a.fxsave64(__[rbx]);
        });
        Span<byte> image = core.DataBytes(0x1000, 512);
        FxImage.Reset(image);
        (image[0], image[2]) = (0x7E, 0x01);
        BinaryPrimitives.WriteUInt16LittleEndian(image[6..], 0xB7FE);
        BinaryPrimitives.WriteUInt64LittleEndian(image[8..], 0x41BB_B053_7AC3_6CD0);
        BinaryPrimitives.WriteUInt64LittleEndian(image[16..], 0x37D8_F7E8_5C66_2C98);

        core.Run(2).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        Saved(core).ShouldBe((0x7FEUL, 0xFFBB_B053_7AC3_6CD0UL, operand));
    }

    private static BareCore Ready(CpuVendor vendor, Action<Assembler> code)
    {
        BareCore core = new BareCore().Assemble(code);
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        core.Core.Vcpu.Control.SetSelector((int)SegmentNumber.Ds, 0x2B);
        (core[Register.RSI], core[Register.RBX]) = (BareCore.Data, Image);
        return core;
    }

    private static BareCore Run(CpuVendor vendor, ulong instructions, Action<Assembler> code, bool signaling = false)
    {
        BareCore core = Ready(vendor, code);
        if (signaling)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(core.DataBytes(0, 4), 0x7F80_0001);
            core.Core.Vcpu.State->FpuControl = 0x037E;
        }

        core.Run(instructions).Kind.ShouldBe(CoreExitKind.BudgetSpent);
        return core;
    }

    private static (ulong Opcode, ulong Instruction, ulong Operand) Saved(BareCore core) => Pointers(core.DataBytes(0x1000, 512));

    /// <summary>As a signal frame has it.</summary>
    private static (ulong Opcode, ulong Instruction, ulong Operand) SavedByKernel(BareCore core)
    {
        byte[] image = new byte[512];
        XsaveImage.SaveLegacy(core.Core.Vcpu, image);
        return Pointers(image);
    }

    private static (ulong Opcode, ulong Instruction, ulong Operand) Pointers(ReadOnlySpan<byte> image) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(image[6..]), BinaryPrimitives.ReadUInt64LittleEndian(image[8..]), BinaryPrimitives.ReadUInt64LittleEndian(image[16..]));

    private static uint Word(BareCore core, int at) => BinaryPrimitives.ReadUInt32LittleEndian(core.DataBytes(0x1000 + at, 4));
}
