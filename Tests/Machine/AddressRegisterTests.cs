using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>Registers that hold addresses take what the processor's width allows; RIP and data what the mode does.</summary>
public sealed class AddressRegisterTests
{
    private const ulong Main = BareCore.Code;
    private const ulong Target = BareCore.Code + 0x1000;

    /// <summary>Canonical with 57 bits, not with 48.</summary>
    private const ulong Wide = 0xFF00_0000_0000_0000;
    private const ulong WideBelow = 0x00FF_FFFF_FFFF_F000;
    private const ulong NotCanonical = 0xFE00_0000_0000_0000;

    /// <summary>The loads: code bytes, the number in RCX, and the vector's error code when refused.</summary>
    private static readonly (string Name, string Bytes, ulong Rcx, ulong Error)[] Loads =
    [
        ("FS base", "0F30", 0xC000_0100, 0),
        ("GS base", "0F30", 0xC000_0101, 0),
        ("kernel GS base", "0F30", 0xC000_0102, 0),
        ("LSTAR", "0F30", 0xC000_0082, 0),
        ("CSTAR", "0F30", 0xC000_0083, 0),
        ("SYSENTER_ESP", "0F30", 0x175, 0),
        ("SYSENTER_EIP", "0F30", 0x176, 0),
        ("WRFSBASE", "F3480FAED7", 0, 0),
        ("WRGSBASE", "F3480FAEDF", 0, 0),
        ("LGDT", "0F0113", 0, 0),
        ("LIDT", "0F011B", 0, 0),
        ("LTR", "410F00D8", 0, 0x38),
        ("LLDT", "410F00D0", 0, 0x48),
        ("INVPCID", "660F388233", 0, 0),
    ];

    [Theory]
    [InlineData(true, Wide, true)]
    [InlineData(true, WideBelow, true)]
    [InlineData(true, 0xFFFF_8000_0000_0000, true)]
    [InlineData(true, NotCanonical, false)]
    [InlineData(true, 0x0100_0000_0000_0000, false)]
    [InlineData(false, Wide, false)]
    [InlineData(false, WideBelow, false)]
    [InlineData(false, 0xFFFF_8000_0000_0000, true)]
    public void A_load_of_an_address_register_heeds_the_width_of_the_processor_and_not_CR4_LA57(bool la57, ulong value, bool taken)
    {
        List<string> differences = [];
        foreach ((string name, string bytes, ulong rcx, ulong error) in Loads)
        {
            using BareKernel kernel = Kernel(bytes, value, la57);
            kernel.Vcpu[Gpr.Rcx] = rcx;
            if (name.StartsWith("LL", StringComparison.Ordinal))
            {
                kernel.Vcpu[Gpr.R8] = 0x48;
            }

            kernel.Run(Main).Kind.ShouldBe(CoreExitKind.Halt);
            bool loaded = kernel.Vcpu.Rip == Main + ((ulong)bytes.Length / 2) + 1;
            bool refused = !loaded && kernel.Vcpu[Gpr.R15] == (ulong)ExceptionVector.GP && kernel.Read(kernel.Vcpu[Gpr.Rsp]) == error;
            differences.AddRange((taken ? loaded : refused) ? [] : [$"{name}: {(loaded ? "loaded" : $"vector {kernel.Vcpu[Gpr.R15]}")}"]);
        }

        differences.ShouldBeEmpty();
    }

    [Fact]
    public void An_address_that_fits_the_processor_and_not_the_mode_faults_when_it_is_used()
    {
        // Given SYSCALL to such a target, and a load through such a base
        using BareKernel call = Kernel("0F05", 0, la57: true);
        (call.Vcpu.Control.Star, call.Vcpu.Control.LStar) = ((ulong)BareKernel.KernelCode << 32, Wide);
        using BareKernel load = Kernel("64488B042500000000", 0, la57: true);
        load.Vcpu.FsBase = Wide;

        // Then the fetch faults at the target, the load at the instruction
        call.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, Wide));
        load.Catch(Main).ShouldBe(new CaughtException(ExceptionVector.GP, 0, Main));
    }

    [Fact]
    public void RIP_is_judged_by_the_mode()
    {
        using BareKernel kernel = Kernel("90", 0, la57: true).At(Target, a =>
        {
            a.mov(rax, Wide);
            a.jmp(rax);
        });

        kernel.Catch(Target).ShouldBe(new CaughtException(ExceptionVector.GP, 0, Target + 10));
    }

    /// <summary>One instruction and HLT; the value is in EDX:EAX, RDI, a table operand at RBX, an INVPCID operand too, and two descriptors.</summary>
    private static BareKernel Kernel(string bytes, ulong value, bool la57)
    {
        BareKernel kernel = new BareKernel().CatchAll().At(Main, a =>
        {
            a.db(Convert.FromHexString(bytes));
            a.hlt();
        });
        CpuModel max = CpuModels.Max;
        kernel.Vcpu.Model = la57 ? max with { Features = max.Features | CpuFeatures.La57 } : max;
        kernel.Vcpu.Control.Cr4 |= Cr4Bits.Fsgsbase;
        kernel.Vcpu.Control.GdtLimit = 0x57;
        kernel.Write(BareKernel.Gdt + 0x38, Low(0x89, value));
        kernel.Write(BareKernel.Gdt + 0x40, value >> 32);
        kernel.Write(BareKernel.Gdt + 0x48, Low(0x82, value));
        kernel.Write(BareKernel.Gdt + 0x50, value >> 32);
        kernel.Write(BareCore.Data + 0x100, 0);
        kernel.Write(BareCore.Data + 0x108, value);
        (kernel.Vcpu[Gpr.Rax], kernel.Vcpu[Gpr.Rdx], kernel.Vcpu[Gpr.Rdi], kernel.Vcpu[Gpr.R8]) = ((uint)value, value >> 32, value, 0x38);
        (kernel.Vcpu[Gpr.Rbx], kernel.Vcpu[Gpr.Rsi]) = (BareCore.Data + 0x100, 0);
        if (bytes.StartsWith("0F01", StringComparison.Ordinal))
        {
            kernel.Vcpu[Gpr.Rbx] += 6;
        }

        return kernel;
    }

    private static ulong Low(ulong access, ulong value) => 0x67 | ((value & 0xFF_FFFF) << 16) | (access << 40) | ((value >> 24 & 0xFF) << 56);
}
