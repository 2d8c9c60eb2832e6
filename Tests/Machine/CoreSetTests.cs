using Iced.Intel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Machine;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Machine;

/// <summary>Several cores over one RAM: each instruction is atomic for the others, and code that one changes the others decode again.</summary>
public sealed class CoreSetTests
{
    private const int Rounds = 300;
    private const byte AddEaxImmediate8 = 0xC0;

    public static TheoryData<int, int, ulong> Splits()
    {
        TheoryData<int, int, ulong> rows = [];
        foreach (int offset in (int[])[0, 4, 60, 61, 4092, 4093, 4095])
        {
            foreach (ulong quantum in (ulong[])[1, 2, 3, 7])
            {
                rows.Add(offset, 2, quantum);
                rows.Add(offset, 4, quantum);
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Splits))]
    public void Locked_additions_are_never_lost_wherever_the_word_lies(int offset, int cores, ulong quantum)
    {
        using BareCores machine = new(cores);
        for (int i = 0; i < cores; i++)
        {
            machine.Assemble(i, a => Loop(a, () => a.@lock.add(__dword_ptr[rbx], 1), offset));
        }

        machine.RunAll(quantum);

        BitConverter.ToUInt32(machine.Bare.DataBytes(offset, 4)).ShouldBe((uint)(Rounds * cores));
    }

    [Theory]
    [InlineData(4095)]
    [InlineData(56)]
    public void An_exchange_of_eight_bytes_over_a_page_is_never_torn(int offset)
    {
        // Given two cores that exchange all ones and all zeros with one word, and count what is neither
        using BareCores machine = new(2);
        for (int i = 0; i < 2; i++)
        {
            ulong mine = i == 0 ? ulong.MaxValue : 0;
            machine.Assemble(i, a =>
            {
                Label whole = a.CreateLabel();
                Label loop = a.CreateLabel();
                a.mov(rbx, BareCore.Data + (ulong)offset);
                a.mov(ecx, Rounds);
                a.xor(edi, edi);
                a.Label(ref loop);
                a.mov(rax, mine);
                a.xchg(__qword_ptr[rbx], rax);
                a.lea(rdx, __qword_ptr[rax + 1]);
                a.cmp(rdx, 1);
                a.jbe(whole);
                a.inc(rdi);
                a.Label(ref whole);
                a.dec(ecx);
                a.jnz(loop);
                a.syscall();
            });
        }

        machine.RunAll(1);

        (machine.Set[0].Vcpu[Gpr.Rdi], machine.Set[1].Vcpu[Gpr.Rdi]).ShouldBe((0UL, 0UL));
    }

    [Fact]
    public void A_load_an_addition_and_a_store_lose_updates_without_a_lock()
    {
        using BareCores machine = new(2);
        for (int i = 0; i < 2; i++)
        {
            machine.Assemble(i, a => Loop(
                a,
                () =>
                {
                    a.mov(eax, __dword_ptr[rbx]);
                    a.add(eax, 1);
                    a.mov(__dword_ptr[rbx], eax);
                },
                0));
        }

        machine.RunAll(2);

        BitConverter.ToUInt32(machine.Bare.DataBytes(0, 4)).ShouldBeLessThan((uint)(Rounds * 2));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(3UL)]
    [InlineData(50UL)]
    public void A_store_by_one_core_changes_code_that_another_has_decoded(ulong quantum)
    {
        // Given core 1, which runs a loop until its own immediate is 7
        using BareCores machine = new BareCores(2)
            .Assemble(1, a =>
            {
                Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.xor(eax, eax);
                a.db(0x83, AddEaxImmediate8, 1);
                a.cmp(eax, 7);
                a.jne(loop);
                a.syscall();
            })
            .Assemble(0, a =>
            {
                a.mov(rbx, BareCores.CodeOf(1) + 4);
                a.mov(__byte_ptr[rbx], 1);
                a.mov(ecx, 40);
                Label wait = a.CreateLabel();
                a.Label(ref wait);
                a.dec(ecx);
                a.jnz(wait);
                a.mov(__byte_ptr[rbx], 7);
                a.syscall();
            });

        // When core 0 has the page open for writing before core 1 decodes it, and writes again afterwards
        machine.RunAll(quantum);

        machine.Set[1].Vcpu[Gpr.Rax].ShouldBe(7UL);
    }

    [Fact]
    public void Every_store_of_one_core_takes_effect_in_the_next_instruction_of_another()
    {
        using BareCores machine = new BareCores(2)
            .Assemble(1, a =>
            {
                Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.db(0x83, AddEaxImmediate8, 1);
                a.jmp(loop);
            })
            .Assemble(0, a =>
            {
                Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.inc(__byte_ptr[rbx]);
                a.jmp(loop);
            });
        machine.Set[0].Vcpu[Gpr.Rbx] = BareCores.CodeOf(1) + 2;
        ulong expected = 0;
        for (int round = 1; round <= 20; round++)
        {
            machine.Set.Run(1, 2);
            expected += (ulong)round;
            machine.Set[1].Vcpu[Gpr.Rax].ShouldBe(expected);
            machine.Set.Run(0, 2);
        }
    }

    [Fact]
    public void Time_is_one_count_over_all_cores_and_never_goes_back_between_them()
    {
        using BareCores machine = new(3);
        for (int i = 0; i < 3; i++)
        {
            machine.Assemble(i, a =>
            {
                Label loop = a.CreateLabel();
                a.Label(ref loop);
                a.rdtscp();
                a.jmp(loop);
            });
        }

        ulong last = 0;
        for (int turn = 0; turn < 30; turn++)
        {
            machine.Set.Run(turn % 3, 2);
            Vcpu vcpu = machine.Set[turn % 3].Vcpu;
            ulong now = vcpu[Gpr.Rax] | (vcpu[Gpr.Rdx] << 32);
            (now, vcpu[Gpr.Rcx]).ShouldBe((last, (ulong)(turn % 3)));
            last = now + 2;
        }

        machine.Set.Retired.ShouldBe(60UL);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(64)]
    public void CPUID_tells_each_core_its_number_and_how_many_there_are(int count)
    {
        using BareCores machine = new(count);
        int number = count - 1;
        machine.Assemble(0, a =>
        {
            a.mov(eax, 1);
            a.cpuid();
            a.mov(r8, rbx);
            a.mov(r9, rdx);
            a.mov(eax, 0xB);
            a.mov(ecx, 1);
            a.cpuid();
            a.mov(r10, rcx);
            a.syscall();
        });
        machine.Set[number].Vcpu.Rip = BareCores.CodeOf(0);

        machine.Set.Run(number, 100).Kind.ShouldBe(CoreExitKind.Syscall);

        Vcpu vcpu = machine.Set[number].Vcpu;
        ulong initialApicId = vcpu[Gpr.R8] >> 24;
        bool hyperThreading = (vcpu[Gpr.R9] >> 28 & 1) != 0;
        (ulong Width, ulong Processors, ulong Level, ulong Id) level = (vcpu[Gpr.Rax], vcpu[Gpr.Rbx], vcpu[Gpr.R10], vcpu[Gpr.Rdx]);
        (initialApicId, hyperThreading).ShouldBe(((ulong)number, count > 1));
        level.ShouldBe((Width(count), (ulong)count, 0x201UL, (ulong)number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void No_machine_has_no_core_or_more_than_64(int count)
    {
        using BareCore bare = new();
        Should.Throw<ArgumentOutOfRangeException>(() => new CoreSet(bare.Ram, new(), count));
    }

    private static ulong Width(int count) => (ulong)Math.Ceiling(Math.Log2(count));

    private static void Loop(Assembler a, Action body, int offset)
    {
        Label loop = a.CreateLabel();
        a.mov(rbx, BareCore.Data + (ulong)offset);
        a.mov(ecx, Rounds);
        a.Label(ref loop);
        body();
        a.dec(ecx);
        a.jnz(loop);
        a.syscall();
    }
}
