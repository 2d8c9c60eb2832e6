using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Models;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Tests.Debugger;

/// <summary>What the kernel gives notice of, as the command says it.</summary>
public sealed class NoticeTests
{
    [Fact]
    public void One_form_of_an_instruction_is_told_once_whatever_its_registers_and_what_follows_it()
    {
        List<string> said = [];
        NoticeTeller teller = new(CpuModels.V2, said.Add);

        teller.Take(Missing("C5EC58CB90", 0x401000));
        teller.Take(Missing("C5DC58EE", 0x402000));
        teller.Take(Missing("C5E858CB", 0x403000));

        said.ShouldBe(
        [
            "VADDPS ymm1, ymm2, ymm3/m256 at 0x401000 needs avx, which --cpu x86-64-v2 has not: the guest gets SIGILL, as on such a processor",
            "VADDPS xmm1, xmm2, xmm3/m128 at 0x403000 needs avx, which --cpu x86-64-v2 has not: the guest gets SIGILL, as on such a processor",
        ]);
    }

    [Fact]
    public void A_program_that_execve_refuses_is_told_once_with_the_reason()
    {
        List<string> said = [];
        NoticeTeller teller = new(CpuModels.V2, said.Add);

        for (int i = 0; i < 2; i++)
        {
            teller.Take(Refused("/a", Errno.ENOENT, ElfProblem.NoInterpreter));
            teller.Take(Refused("/b", Errno.ELIBBAD, ElfProblem.OtherMachine, 183));
            teller.Take(Refused("/c", Errno.ENOMEM, ElfProblem.None));
        }

        said.ShouldBe(
        [
            "execve of /a answered ENOENT: its interpreter is not there, or may not be executed: /lib/ld.so",
            "execve of /b answered ELIBBAD: its interpreter /lib/ld.so: a program for another processor: e_machine is 183, x86-64 is 62",
            "execve of /c answered ENOMEM: there is no memory for it",
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("00")]
    [InlineData("0f0b")]
    [InlineData("0102030405060708090a0b0c0d0eff")]
    public void Code_is_kept_byte_by_byte(string bytes)
    {
        CodeBytes code = CodeBytes.Of(Convert.FromHexString(bytes));

        (code.ToString(), code.Count).ShouldBe((bytes, bytes.Length / 2));
        code.ShouldBe(CodeBytes.Of(code.ToArray()));
    }

    private static Notice Refused(string path, Errno errno, ElfProblem problem, params ulong[] found) =>
        new(NoticeKind.ExecRefused) { Path = path, Errno = errno, Elf = problem, Found = found, Interpreter = "/lib/ld.so" };

    private static Notice Missing(string code, ulong rip) => new(NoticeKind.MissingFeature)
    {
        Code = CodeBytes.Of(Convert.FromHexString(code)),
        Rip = new VirtAddr(rip),
        Missing = CpuFeatures.Avx,
    };
}
