using System.Buffers.Binary;
using System.Text;
using Iced.Intel;
using MmuEmu.Emulator.Models;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Story;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Exec;

/// <summary>The vDSO: that programs find it, and that it tells the time that system calls tell.</summary>
public sealed class VdsoTests
{
    private const ulong Data = AssembledGuest.Data;
    private const ulong Image = 0x7FFF_FC00_0000;
    private const int ClockGetTime = 228;

    private static readonly string[] TimeCalls = ["clock_gettime", "gettimeofday", "time"];

    [Fact]
    public void Every_function_is_found_by_name_and_version_the_way_C_libraries_look()
    {
        byte[] page = VdsoImage.Build();

        foreach (VdsoFunction function in VdsoCode.Functions)
        {
            foreach (string name in (string[])[$"__vdso_{function.Name}", function.Name])
            {
                int at = Find(page, name);
                page.AsSpan(at, function.Code.Length).ToArray().ShouldBe(function.Code);
                Disassembled(page, at).ShouldBeTrue(name);
            }
        }

        Find(page, "__vdso_nothing").ShouldBe(0);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(1UL)]
    [InlineData(4UL)]
    [InlineData(5UL)]
    [InlineData(6UL)]
    [InlineData(7UL)]
    public void Its_time_and_that_of_the_system_call_are_one(ulong clock)
    {
        // Given readings by the call, by the vDSO, and by the call again, before and after a sleep
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(ClockGetTime, clock, Data);
            AskVdso(a, clock, Data + 16);
            a.Call(ClockGetTime, clock, Data + 32);
            a.mov(rdi, Data + 0x1000);
            a.mov(__qword_ptr[rdi], 5);
            a.Call(35, Data + 0x1000, 0);
            a.Call(ClockGetTime, clock, Data + 48);
            AskVdso(a, clock, Data + 64);
            a.Call(ClockGetTime, clock, Data + 80);
            a.PrintAndExit(Data, 96);
        });

        ulong[] times = [.. Enumerable.Range(0, 6).Select(i => (run[i * 2] * 1_000_000_000) + run[(i * 2) + 1])];
        times.ShouldBeInOrder(SortDirection.Ascending);
        (times[2] - times[0]).ShouldBeLessThan(100UL);
        (times[3] - times[2]).ShouldBeGreaterThanOrEqualTo(5_000_000_000UL);
        (times[5] - times[3]).ShouldBeLessThan(100UL);
    }

    [Fact]
    public void It_makes_the_system_call_where_it_does_not_know_the_clock_or_has_no_counter()
    {
        NamesIn(GuestRun.Of(Ask(2))).ShouldContain("clock_gettime");
        NamesIn(GuestRun.Of(Ask(1))).ShouldNotContain("clock_gettime");
        CpuModelText.TryParse("v1,-tsc", out CpuModel? old, out string? problem).ShouldBeTrue(problem);
        NamesIn(GuestRun.Of(Ask(1), options => options with { Cpu = old! })).ShouldContain("clock_gettime");

        static Action<Assembler> Ask(ulong clock) => a =>
        {
            AskVdso(a, clock, Data);
            a.Call(231, 0);
        };
    }

    [Fact]
    public void Getcpu_names_the_processor()
    {
        GuestRun run = GuestRun.Of(
            a =>
            {
                a.mov(rdi, Data + 64);
                a.mov(__qword_ptr[rdi], 4);
                a.Call(203, 0, 8, Data + 64);
                a.mov(rdi, Data);
                a.mov(rsi, Data + 8);
                a.mov(rax, Image + VdsoCode.Start + (3 * VdsoCode.Stride));
                a.call(rax);
                a.PrintAndExit(Data, 16);
            },
            options => options with { Cpus = 4 });

        (run[0], run[1]).ShouldBe((2UL, 0UL));
    }

    [Fact]
    public void Its_pages_are_in_maps_but_not_in_the_resident_size()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            a.Call(98, 0, Data);
            a.Call(98, 0, Data);
            AskVdso(a, 1, Data + 512);
            a.Call(98, 0, Data + 144);
            a.PrintAndExit(Data, 288);
        });

        // Two faults, one for each page; the peak is the same.
        (run[18 + 8] - run[8]).ShouldBe(2UL);
        run[18 + 4].ShouldBe(run[4]);
    }

    [Fact]
    public void A_process_may_write_to_its_own_copy()
    {
        GuestRun run = GuestRun.Of(a =>
        {
            Label child = a.CreateLabel();
            AskVdso(a, 1, Data);
            a.Call(57);
            a.test(rax, rax);
            a.je(child);
            a.Call(61, ulong.MaxValue, 0, 0, 0);
            AskVdso(a, 1, Data);
            a.PrintAndExit(Data, 16);
            a.Label(ref child);
            a.Call(10, Image, 4096, 7);
            a.mov(rbx, Image + VdsoCode.Start);
            a.mov(__byte_ptr[rbx], 0xC3);
            a.mov(rax, __qword_ptr[rbx + 8]);
            a.mov(rcx, BinaryPrimitives.ReadUInt64LittleEndian(VdsoCode.Functions[0].Code.AsSpan(8)));
            a.sub(rax, rcx);
            a.mov(rdi, rax);
            a.mov(eax, 231);
            a.syscall();
        });

        run.Result.ExitCode.ShouldBe(0);
        run[1].ShouldBeGreaterThan(0UL);
    }

    [Theory]
    [InlineData("/bin/busybox", "date")]
    [InlineData("/bin/date", "+%s")]
    public void C_libraries_read_the_time_without_a_system_call(string program, string argument)
    {
        Assert.SkipUnless(File.Exists(program), $"{program} is not there");

        GuestRun run = GuestRun.Of(program, argument);

        run.Result.ExitCode.ShouldBe(0);
        NamesIn(run).ShouldNotBeEmpty();
        NamesIn(run).Intersect(TimeCalls).ShouldBeEmpty();
    }

    private static List<string> NamesIn(GuestRun run) => run.Trace!.Syscalls.ConvertAll(call => ((SyscallDetail)call.Detail!).Name);

    private static void AskVdso(Assembler a, ulong clock, ulong address)
    {
        a.mov(rdi, clock);
        a.mov(rsi, address);
        a.mov(rax, Image + VdsoCode.Start);
        a.call(rax);
    }

    private static bool Disassembled(byte[] page, int at)
    {
        Iced.Intel.Decoder decoder = Iced.Intel.Decoder.Create(64, page.AsSpan(at, VdsoCode.Stride).ToArray());
        bool returns = false;
        while (decoder.IP < (ulong)VdsoCode.Stride && !returns)
        {
            Instruction instruction = decoder.Decode();
            if (instruction.IsInvalid)
            {
                return false;
            }

            returns = instruction.Mnemonic == Mnemonic.Ret;
        }

        return returns;
    }

    /// <summary>A symbol's address as tools/testing/selftests/vDSO/parse_vdso.c of Linux finds it; 0 for none.</summary>
    private static int Find(byte[] page, string name)
    {
        int dynamic = (int)BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(64 + 56 + 8));
        Dictionary<ulong, int> tags = [];
        for (int at = dynamic; BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(at)) is not 0 and ulong tag; at += 16)
        {
            tags.Add(tag, (int)BinaryPrimitives.ReadUInt64LittleEndian(page.AsSpan(at + 8)));
        }

        int hash = tags[4];
        int definition = tags[0x6FFF_FFFC] + Word(page, tags[0x6FFF_FFFC] + 16);
        Text(page, tags[5] + Word(page, definition + 20)).ShouldBe(VdsoImage.Version);
        for (int number = Word(page, hash + 8); number != 0; number = Word(page, hash + 12 + (4 * number)))
        {
            int symbol = tags[6] + (24 * number);
            BinaryPrimitives.ReadUInt16LittleEndian(page.AsSpan(tags[0x6FFF_FFF0] + (2 * number))).ShouldBe((ushort)2);
            if (Text(page, tags[5] + Word(page, symbol)) == name)
            {
                return Word(page, symbol + 8);
            }
        }

        return 0;
    }

    private static int Word(byte[] page, int at) => BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(at));

    private static string Text(byte[] page, int at) => Encoding.ASCII.GetString(page, at, page.AsSpan(at).IndexOf((byte)0));
}
