using System.Buffers.Binary;
using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Translation;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Tasks;

/// <summary>Vector registers belong to the thread: switches keep all of them, execve clears them, the auxiliary vector tells of them.</summary>
public sealed class VectorStateTests
{
    private const int Data = (int)AssembledGuest.Data;
    private const int Rounds = 5_000;

    [Fact]
    public void Two_processes_that_take_turns_keep_their_upper_halves()
    {
        // Given a parent and a child with different values in YMM0, YMM7 and YMM15, each looking at its own again and again
        RunResult result = Run(CpuModels.V3, out _, a =>
        {
            Label bad = a.CreateLabel();
            Label child = a.CreateLabel();
            a.Call(57);
            a.mov(r12, rax);
            a.lea(r13, __[rax + 0x1234567]);
            a.vmovq(xmm0, r13);
            a.vpbroadcastq(ymm0, xmm0);
            a.vmovdqa(ymm7, ymm0);
            a.vmovdqa(ymm15, ymm0);
            LookAgainAndAgain(a, bad);
            a.test(r12, r12);
            a.je(child);
            a.Call(61, ulong.MaxValue, AssembledGuest.Data, 0, 0);
            a.cmp(__word_ptr[Data], 0x700);
            a.jne(bad);
            a.Exit(0);
            a.Label(ref child);
            a.Exit(7);
            a.Label(ref bad);
            a.Exit(1);
        });

        // Then each found what it had put there, although turns were short
        result.ExitCode.ShouldBe(0, result.Message);
    }

    [Fact]
    public void A_program_begins_with_every_vector_zero_also_after_execve()
    {
        RunResult result = Run(CpuModels.V3, out _, a =>
        {
            Label second = a.CreateLabel();
            Label bad = a.CreateLabel();
            a.vpxor(xmm0, xmm0, xmm0);
            for (int i = 1; i < 16; i++)
            {
                a.vorps(ymm0, ymm0, new AssemblerRegisterYMM(Register.YMM0 + i));
            }

            a.vptest(ymm0, ymm0);
            a.jne(bad);
            a.stmxcsr(__dword_ptr[Data]);
            a.cmp(__dword_ptr[Data], 0x1F80);
            a.jne(bad);
            a.cmp(__qword_ptr[rsp], 2);
            a.je(second);

            // The first time: dirty registers, and the same program again with one argument more
            for (int i = 0; i < 16; i++)
            {
                AssemblerRegisterYMM register = new(Register.YMM0 + i);
                a.vpcmpeqd(register, register, register);
            }

            a.mov(__dword_ptr[Data], 0x3F80);
            a.ldmxcsr(__dword_ptr[Data]);
            a.mov(rdi, __[rsp + 8]);
            a.mov(__qword_ptr[Data + 64], rdi);
            a.mov(__qword_ptr[Data + 72], rdi);
            a.mov(__qword_ptr[Data + 80], 0);
            a.mov(rsi, AssembledGuest.Data + 64);
            a.xor(edx, edx);
            a.mov(eax, 59);
            a.syscall();
            a.Label(ref bad);
            a.Exit(1);
            a.Label(ref second);
            a.Exit(0);
        });

        result.ExitCode.ShouldBe(0, result.Message);
    }

    [Theory]
    [InlineData("v1", 1440UL, 2UL)]
    [InlineData("v3", 1776UL, 2UL)]
    [InlineData("v3,-avx", 1520UL, 2UL)]
    [InlineData("v3,-fsgsbase", 1776UL, 0UL)]
    public void The_auxiliary_vector_tells_what_cpuid_tells(string text, ulong frameBytes, ulong hwcap2)
    {
        CpuModelText.TryParse(text, out CpuModel? model, out _).ShouldBeTrue();

        // Given a program that writes its stack out
        Run(model, out byte[] stack, a =>
        {
            a.mov(rsi, rsp);
            a.mov(edi, 1);
            a.mov(rdx, 0x7FFF_FFFF_F000);
            a.sub(rdx, rsp);
            a.mov(eax, 1);
            a.syscall();
            a.Exit(0);
        });

        // Then the entries behind the environment agree with CPUID and with the size of a frame
        Dictionary<ulong, ulong> entries = Auxiliary(stack);
        ControlRegisters control = new() { Cr4 = Cr4Bits.Osxsave };
        (entries[16], entries[51], entries[26]).ShouldBe((CpuidLeaves.Of(model, 1, 0, control.Sight).Edx, frameBytes, hwcap2));
    }

    private static void LookAgainAndAgain(Assembler a, Label bad)
    {
        Label again = a.CreateLabel();
        a.mov(ecx, Rounds);
        a.Label(ref again);
        a.vpcmpeqq(ymm1, ymm0, ymm7);
        a.vpcmpeqq(ymm2, ymm0, ymm15);
        a.vpand(ymm1, ymm1, ymm2);
        a.vpmovmskb(eax, ymm1);
        a.cmp(eax, -1);
        a.jne(bad);
        a.vextracti128(xmm3, ymm15, 1);
        a.vmovq(rbx, xmm3);
        a.cmp(rbx, r13);
        a.jne(bad);
        a.dec(ecx);
        a.jne(again);
    }

    private static RunResult Run(CpuModel model, out byte[] output, Action<Assembler> write)
    {
        using AsmGuest guest = new(write);
        BytesOutput written = new();
        KernelOptions options = new()
        {
            Program = guest.Path,
            Arguments = [guest.Path],
            MaxInstructions = 1_000_000,
            Quantum = 500,
            Cpu = model,
            Output = written,
        };
        KernelBuilder.TryBuild(options, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue(failure?.ToString());
        using (kernel)
        {
            RunResult result = kernel!.Run();
            output = written.Written.ToArray();
            return result;
        }
    }

    private static Dictionary<ulong, ulong> Auxiliary(byte[] stack)
    {
        int at = 8 * ((int)BinaryPrimitives.ReadUInt64LittleEndian(stack) + 2);
        while (BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(at)) != 0)
        {
            at += 8;
        }

        Dictionary<ulong, ulong> entries = [];
        for (at += 8; BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(at)) is var key and not 0; at += 16)
        {
            entries[key] = BinaryPrimitives.ReadUInt64LittleEndian(stack.AsSpan(at + 8));
        }

        return entries;
    }
}
