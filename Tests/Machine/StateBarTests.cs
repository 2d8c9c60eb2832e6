using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>CR0, CR4 and XCR0 decide which state instructions run, which are #UD and which #NM.</summary>
public sealed class StateBarTests
{
    private const ulong Cr0 = Cr0Bits.Pe | Cr0Bits.Et | Cr0Bits.Ne | Cr0Bits.Wp | Cr0Bits.Pg;
    private const ulong Cr4 = Cr4Bits.Pae | Cr4Bits.Pge | Cr4Bits.Osfxsr | Cr4Bits.Osxmmexcpt | Cr4Bits.Osxsave;
    private const ulong Marker = 0xDEAD;

    /// <summary>One instruction of each kind.</summary>
    private static readonly (string Kind, Action<Assembler> Write)[] Kinds =
    [
        ("x87", a => a.fld1()),
        ("wait", a => a.wait()),
        ("mmx", a => a.paddb(mm1, mm2)),
        ("emms", a => a.emms()),
        ("sse on mmx", a => a.pshufw(mm1, mm2, 0)),
        ("sse", a => a.addps(xmm1, xmm2)),
        ("mmx to xmm", a => a.cvtpi2ps(xmm1, mm1)),
        ("sse from memory", a => a.cvttss2si(eax, __dword_ptr[rbx])),
        ("xmm to mmx", a => a.cvttps2pi(mm1, __qword_ptr[rbx])),
        ("ldmxcsr", a => a.ldmxcsr(__dword_ptr[rbx + 24])),
        ("aes", a => a.aesenc(xmm1, xmm2)),
        ("fxsave", a => a.fxsave64(__[rbx])),
        ("xsave", a => a.xsave64(__[rbx])),
        ("xgetbv", a => a.xgetbv()),
        ("avx", a => a.vaddps(ymm1, ymm2, ymm3)),
        ("vex.128", a => a.vpxor(xmm1, xmm2, xmm3)),
        ("vzeroupper", a => a.vzeroupper()),
        ("fma", a => a.vfmadd132ps(xmm1, xmm2, xmm3)),
        ("bmi", a => a.andn(eax, edx, edx)),
        ("fence", a => a.mfence()),
        ("crc32", a => a.crc32(eax, edx)),
        ("movnti", a => a.movnti(__dword_ptr[rbx], edx)),
        ("prefetch", a => a.prefetchnta(__byte_ptr[rbx])),
    ];

    /// <summary>What bars what: control bits changed, then the kinds that are #UD and those that are #NM.</summary>
    public static TheoryData<string, string, string> Rows => new()
    {
        { "", "", "" },
        { "EM", "mmx,emms,sse on mmx,sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes", "x87,fxsave" },
        { "TS", "", "x87,mmx,emms,sse on mmx,sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes,fxsave,xsave,avx,vex.128,vzeroupper,fma" },
        { "MP", "", "" },
        { "MP,TS", "", "x87,wait,mmx,emms,sse on mmx,sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes,fxsave,xsave,avx,vex.128,vzeroupper,fma" },
        { "EM,TS", "mmx,emms,sse on mmx,sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes", "x87,fxsave,xsave,avx,vex.128,vzeroupper,fma" },
        { "-OSFXSR", "sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes", "" },
        { "-OSFXSR,TS", "sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes", "x87,mmx,emms,sse on mmx,fxsave,xsave,avx,vex.128,vzeroupper,fma" },
        { "-OSXSAVE", "xsave,xgetbv,avx,vex.128,vzeroupper,fma", "" },
        { "-AVX", "avx,vex.128,vzeroupper,fma", "" },
        { "-SSE", "avx,vex.128,vzeroupper,fma", "" },
        { "-AVX,TS", "avx,vex.128,vzeroupper,fma", "x87,mmx,emms,sse on mmx,sse,mmx to xmm,sse from memory,xmm to mmx,ldmxcsr,aes,fxsave,xsave" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Control_bits_decide_what_runs(string bits, string undefined, string notAvailable)
    {
        List<string> differences = [];
        foreach ((string kind, Action<Assembler> write) in Kinds)
        {
            string expected = undefined.Split(',').Contains(kind) ? "UD" : notAvailable.Split(',').Contains(kind) ? "NM" : "runs";
            string actual = Run(bits.Split(','), write);
            differences.AddRange(actual == expected ? [] : [$"{kind}: {actual}, not {expected}"]);
        }

        differences.ShouldBeEmpty();
    }

    [Fact]
    public void A_kernel_gives_the_vector_unit_back_at_the_first_use_after_a_switch()
    {
        // Given a kernel that sets CR0.TS, and clears it in its #NM handler
        using BareKernel kernel = Kernel();
        kernel.Gate(ExceptionVector.NM, BareKernel.UserPage);
        kernel.At(BareKernel.UserPage, a =>
        {
            a.clts();
            a.inc(r15d);
            a.iretq();
        });
        kernel.Bare.Assemble(a =>
        {
            Label again = a.CreateLabel();
            a.Label(ref again);
            a.mov(rax, cr0);
            a.or(rax, (int)Cr0Bits.Ts);
            a.mov(cr0, rax);
            a.paddd(xmm0, xmm1);
            a.paddd(xmm0, xmm1);
            a.dec(ecx);
            a.jne(again);
            a.hlt();
        });
        (kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.R15]) = (3, 0);
        SetXmm1(kernel);

        // When it switches three times and uses vectors twice after each
        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);

        // Then each first use came to the handler, and every addition happened once
        (kernel.Vcpu[Gpr.R15], XmmOf(kernel, 0)).ShouldBe((3UL, 6UL));
    }

    [Fact]
    public void Xsetbv_turns_avx_on_for_the_instruction_behind_it()
    {
        using BareKernel kernel = Kernel();
        kernel.Vcpu.Control.Xcr0 = XsaveComponents.X87;
        kernel.Bare.Assemble(a =>
        {
            a.xor(ecx, ecx);
            a.xor(edx, edx);
            a.mov(eax, 7);
            a.xsetbv();
            a.vpcmpeqd(ymm1, ymm1, ymm1);
            a.hlt();
        });

        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);

        kernel.Vcpu.Control.Xcr0.ShouldBe(7UL);
    }

    [Theory]
    [InlineData(0U, 0UL)]
    [InlineData(0U, 2UL)]
    [InlineData(0U, 4UL)]
    [InlineData(0U, 5UL)]
    [InlineData(0U, 0xFUL)]
    [InlineData(0U, 0x1_0000_0007UL)]
    [InlineData(1U, 7UL)]
    public void Xsetbv_refuses_what_the_processor_has_not(uint register, ulong value)
    {
        using BareKernel kernel = Kernel();
        kernel.Gate(ExceptionVector.GP, BareKernel.UserPage);
        kernel.At(BareKernel.UserPage, a => a.hlt());
        kernel.Bare.Assemble(a => a.xsetbv());
        (kernel.Vcpu[Gpr.Rax], kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.Rdx]) = ((uint)value, register, value >> 32);

        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);

        (kernel.Vcpu.Rip, kernel.Vcpu.Control.Xcr0).ShouldBe((BareKernel.UserPage + 1, 7UL));
    }

    [Theory]
    [InlineData(Cr4Bits.Osxmmexcpt, ExceptionVector.XM)]
    [InlineData(0UL, ExceptionVector.UD)]
    public void An_unmasked_vector_exception_needs_a_kernel_that_knows_of_it(ulong bit, ExceptionVector expected)
    {
        using BareCore core = new BareCore().Assemble(a =>
        {
            a.mov(__dword_ptr[rbx], 0x1F80 & ~0x80);
            a.ldmxcsr(__dword_ptr[rbx]);
            a.divps(xmm0, xmm0);
        });
        core[Register.RBX] = BareCore.Data;
        core.Core.Vcpu.Control.Cr4 = (core.Core.Vcpu.Control.Cr4 & ~Cr4Bits.Osxmmexcpt) | bit;

        core.Run().Vector.ShouldBe(expected);
    }

    private static string Run(string[] bits, Action<Assembler> write)
    {
        using BareKernel kernel = Kernel();
        ControlRegisters control = kernel.Vcpu.Control;
        foreach (string bit in bits)
        {
            (control.Cr0, control.Cr4, control.Xcr0) = bit switch
            {
                "EM" => (control.Cr0 | Cr0Bits.Em, control.Cr4, control.Xcr0),
                "TS" => (control.Cr0 | Cr0Bits.Ts, control.Cr4, control.Xcr0),
                "MP" => (control.Cr0 | Cr0Bits.Mp, control.Cr4, control.Xcr0),
                "-OSFXSR" => (control.Cr0, control.Cr4 & ~Cr4Bits.Osfxsr, control.Xcr0),
                "-OSXSAVE" => (control.Cr0, control.Cr4 & ~Cr4Bits.Osxsave, control.Xcr0),
                "-AVX" => (control.Cr0, control.Cr4, XsaveComponents.X87 | XsaveComponents.Sse),
                "-SSE" => (control.Cr0, control.Cr4, XsaveComponents.X87),
                _ => (control.Cr0, control.Cr4, control.Xcr0),
            };
        }

        foreach ((ExceptionVector vector, ulong mark) in ((ExceptionVector, ulong)[])[(ExceptionVector.UD, 6), (ExceptionVector.NM, 7)])
        {
            ulong handler = BareKernel.UserPage + (mark * 64);
            kernel.Gate(vector, handler).At(handler, a =>
            {
                a.mov(r14d, (uint)mark);
                a.hlt();
            });
        }

        kernel.Bare.Assemble(a =>
        {
            write(a);
            a.mov(r14d, (uint)Marker);
            a.hlt();
        });
        FxImage.Reset(kernel.Bare.DataBytes(0, UserContext.FxBytes));
        (kernel.Vcpu[Gpr.Rax], kernel.Vcpu[Gpr.Rcx], kernel.Vcpu[Gpr.Rdx], kernel.Vcpu[Gpr.Rbx]) = (7, 0, 0, BareCore.Data);
        kernel.Bare.Run().Kind.ShouldBe(CoreExitKind.Halt);
        return kernel.Vcpu[Gpr.R14] switch
        {
            6 => "UD",
            7 => "NM",
            Marker => "runs",
            var other => $"{other}",
        };
    }

    private static BareKernel Kernel()
    {
        BareKernel kernel = new();
        (kernel.Vcpu.Control.Cr0, kernel.Vcpu.Control.Cr4, kernel.Vcpu.Control.Xcr0) = (Cr0, Cr4, 7);
        return kernel;
    }

    private static unsafe void SetXmm1(BareKernel kernel) => *(ulong*)(kernel.Vcpu.State->Vectors + 32) = 1;

    private static unsafe ulong XmmOf(BareKernel kernel, int register) => *(ulong*)(kernel.Vcpu.State->Vectors + (32 * register));
}
