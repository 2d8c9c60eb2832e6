using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Interpreter.Habits;

/// <summary>MXCSR.MM, AMD's misaligned SSE mode: what it lifts, measured on Zen 4.</summary>
public sealed unsafe class MisalignedModeTests
{
    private const ulong End = BareCore.Data + (BareCore.DataPages << 12);
    private const uint Mode = 0x2_1F80;

    [Theory]
    [Habit(CpuHabits.MisalignedSse)]
    [InlineData(CpuVendor.Amd, CoreExitKind.BudgetSpent, Mode)]
    [InlineData(CpuVendor.Intel, CoreExitKind.Exception, 0x1F80U)]
    public void Ldmxcsr_and_fxrstor_and_xrstor_take_the_bit_on_amd_alone(CpuVendor vendor, CoreExitKind kind, uint mxcsr)
    {
        foreach (Action<Assembler> load in (Action<Assembler>[])[a => a.ldmxcsr(__dword_ptr[rbx + 24]), a => a.fxrstor64(__[rbx]), a => a.xrstor64(__[rbx])])
        {
            using BareCore core = Ready(vendor, load);
            FxImage.Reset(core.DataBytes(0, 1024));
            BinaryPrimitives.WriteUInt32LittleEndian(core.DataBytes(24, 4), Mode);
            (core[Register.RAX], core[Register.RDX]) = (2, 0);

            CoreExit exit = core.Run(1);

            (exit.Kind, core.Core.Vcpu.Mxcsr).ShouldBe((kind, mxcsr));
        }
    }

    [Theory]
    [Habit(CpuHabits.MisalignedSse)]
    [InlineData(CpuVendor.Amd, 0x2_FFFFU)]
    [InlineData(CpuVendor.Intel, 0xFFFFU)]
    public void The_mask_in_an_image_tells(CpuVendor vendor, uint mask)
    {
        using BareCore core = Ready(vendor, a => a.fxsave64(__[rbx]));

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        BinaryPrimitives.ReadUInt32LittleEndian(core.DataBytes(28, 4)).ShouldBe(mask);
    }

    [Theory]
    [Habit(CpuHabits.MisalignedSse)]
    [InlineData("addps", null, ExceptionVector.AC)]
    [InlineData("paddb", null, ExceptionVector.AC)]
    [InlineData("cvtpd2pi", null, ExceptionVector.AC)]
    [InlineData("punpcklbw", null, ExceptionVector.AC)]
    [InlineData("movaps", ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("movaps store", ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("movntdqa", ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("vmovaps", ExceptionVector.GP, ExceptionVector.GP)]
    [InlineData("cmpxchg16b", ExceptionVector.GP, ExceptionVector.GP)]
    public void A_misaligned_operand_is(string name, ExceptionVector? plain, ExceptionVector checkedAlignment)
    {
        Outcome(name, BareCore.Data + 8, 0, Mode).ShouldBe(plain);
        Outcome(name, BareCore.Data + 8, Rflags.AC, Mode).ShouldBe(checkedAlignment);
        Outcome(name, BareCore.Data + 8, 0, 0x1F80).ShouldBe(ExceptionVector.GP);
    }

    [Theory]
    [InlineData("addps", ExceptionVector.PF)]
    [InlineData("punpckhbw", ExceptionVector.PF)]
    [InlineData("punpcklbw", null)]
    [InlineData("pslld", null)]
    [InlineData("unpcklps", null)]
    public void Of_an_operand_over_two_pages_some_ask_for_the_lower_half_alone(string name, ExceptionVector? expected) =>
        Outcome(name, End - 8, 0, Mode).ShouldBe(expected);

    [Fact]
    public void The_lower_half_is_what_they_take()
    {
        using BareCore core = Ready(CpuVendor.Amd, a => a.punpcklbw(xmm1, __[rbx]));
        core[Register.RBX] = End - 8;
        BinaryPrimitives.WriteUInt64LittleEndian(core.DataBytes((BareCore.DataPages << 12) - 8, 8), 0x0807_0605_0403_0201);
        core.Core.Vcpu.State->Mxcsr = Mode;

        core.Run(1).Kind.ShouldBe(CoreExitKind.BudgetSpent);

        (*(ulong*)(core.Core.Vcpu.State->Vectors + 32), *(ulong*)(core.Core.Vcpu.State->Vectors + 40)).ShouldBe((0x0400_0300_0200_0100UL, 0x0800_0700_0600_0500UL));
    }

    private static ExceptionVector? Outcome(string name, ulong address, ulong flags, uint mxcsr)
    {
        using BareCore core = Ready(CpuVendor.Amd, a => Write(a, name));
        core[Register.RBX] = address;
        core.Core.Vcpu.State->Mxcsr = mxcsr;
        core.SetFlags(flags);
        CoreExit exit = core.Run(1);
        return exit.Kind == CoreExitKind.BudgetSpent ? null : exit.Kind == CoreExitKind.PageFault ? ExceptionVector.PF : exit.Vector;
    }

    private static BareCore Ready(CpuVendor vendor, Action<Assembler> code)
    {
        BareCore core = new BareCore().Assemble(code);
        core.Core.Vcpu.Model = CpuModels.Max.MadeBy(vendor);
        core[Register.RBX] = BareCore.Data;
        return core;
    }

    private static void Write(Assembler a, string name)
    {
        switch (name)
        {
            case "addps":
                a.addps(xmm1, __[rbx]);
                break;
            case "paddb":
                a.paddb(xmm1, __[rbx]);
                break;
            case "cvtpd2pi":
                a.cvtpd2pi(mm1, __[rbx]);
                break;
            case "punpcklbw":
                a.punpcklbw(xmm1, __[rbx]);
                break;
            case "punpckhbw":
                a.punpckhbw(xmm1, __[rbx]);
                break;
            case "pslld":
                a.pslld(xmm1, __[rbx]);
                break;
            case "unpcklps":
                a.unpcklps(xmm1, __[rbx]);
                break;
            case "movaps":
                a.movaps(xmm1, __[rbx]);
                break;
            case "movaps store":
                a.movaps(__[rbx], xmm1);
                break;
            case "movntdqa":
                a.movntdqa(xmm1, __[rbx]);
                break;
            case "vmovaps":
                a.vmovaps(xmm1, __xmmword_ptr[rbx]);
                break;
            default:
                a.cmpxchg16b(__[rbx]);
                break;
        }
    }
}
