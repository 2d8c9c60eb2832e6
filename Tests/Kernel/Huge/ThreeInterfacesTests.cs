using Iced.Intel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;
using static Iced.Intel.AssemblerRegisters;

namespace MmuEmu.Tests.Kernel.Huge;

/// <summary>The interfaces to large pages of 2002 and today's, side by side: what one program gets from each kernel.</summary>
public sealed class ThreeInterfacesTests
{
    private const ulong Mmap = 9;
    private const ulong MapShared = 1;
    private const ulong MapPrivate = 2;
    private const ulong MapSharedValidate = 3;
    private const ulong Fixed = 0x10;
    private const ulong Anonymous = 0x20;
    private const ulong Bit40 = 0x40;
    private const ulong Unknown = 0x200;
    private const ulong NoReserve = 0x4000;
    private const ulong HugeTlb = 0x4_0000;
    private const ulong TwoMiB = 2 << 20;
    private const ulong TwoGiB = 0x8000_0000;
    private const ulong Text = AssembledGuest.Data + 0x1000;
    private const ulong None = ulong.MaxValue;

    private static readonly KernelProfile Plain = KernelProfile.Default with { HugePages = 4 };

    [Fact]
    [Spec("K-070")]
    public void The_vendors_kernel_gives_the_bit_large_pages()
    {
        GuestRun run = MapAndTouch(Plain with { Bit40 = MapBit40.BigPage }, MapPrivate | Anonymous | Bit40);

        (run[0] % TwoMiB, run[0] > TwoGiB).ShouldBe((0UL, true));
        ShouldBeHuge(run);
    }

    [Fact]
    [Spec("K-071")]
    public void The_kernel_of_i386_ignores_the_bit_and_the_program_works()
    {
        GuestRun run = MapAndTouch(Plain with { Bit40 = MapBit40.Ignore }, MapPrivate | Anonymous | Bit40);

        run[0].ShouldBe(MapAndTouch(Plain, MapPrivate | Anonymous)[0], "the place that it would have had without the bit");
        (run.Trace!.Faults[^1].After.Has(PteBits.PS), run.Result.ExitCode).ShouldBe((false, 0));
    }

    [Fact]
    [Spec("K-072")]
    public void The_kernel_of_x86_64_forces_it_below_2_GiB_until_that_is_full()
    {
        const ulong Flags = MapPrivate | Anonymous | NoReserve | Bit40;
        GuestRun run = Calls(Plain, a =>
        {
            Keep(a, 0, Mmap, 0, TwoMiB, 3, Flags, None, 0);
            Keep(a, 1, Mmap, 0, 0x7000_0000, 3, Flags, None, 0);
            Keep(a, 2, Mmap, 0, 0x1000_0000, 3, Flags, None, 0);
            Keep(a, 3, Mmap, 0, 0x1000_0000, 3, MapPrivate | Anonymous | NoReserve, None, 0);
        });

        (run[0] < TwoGiB, run[1] < TwoGiB, run[2], run[3] > TwoGiB).ShouldBe((true, true, Minus(Errno.ENOMEM), true));
    }

    [Fact]
    [Spec("K-073")]
    public void With_a_fixed_address_that_bit_says_nothing()
    {
        const ulong Place = 0x20_0000_0000;
        foreach (MapBit40 meaning in (MapBit40[])[MapBit40.Map32Bit, MapBit40.Ignore])
        {
            Calls(Plain with { Bit40 = meaning }, a => Keep(a, 0, Mmap, Place, TwoMiB, 3, MapPrivate | Anonymous | Fixed | Bit40, None, 0))[0].ShouldBe(Place);
        }
    }

    [Fact]
    [Spec("K-074")]
    public void The_validating_type_refuses_unknown_bits_and_the_plain_ones_do_not()
    {
        GuestRun run = Calls(Plain, a =>
        {
            Store(a, Text, "f");
            Keep(a, 0, 319, Text, 0);
            Keep(a, 1, 77, 3, TwoMiB);
            ulong at = 2;
            foreach (ulong flags in (ulong[])[MapSharedValidate, MapSharedValidate | Unknown, MapShared | Unknown, MapPrivate | Unknown, MapSharedValidate | Bit40])
            {
                Keep(a, at++, Mmap, 0, 4096, 3, flags, 3, 0);
            }
        });

        run[0].ShouldBe(3UL);
        run[3].ShouldBe(Minus(Errno.EOPNOTSUPP));
        foreach (int worked in (int[])[2, 4, 5, 6])
        {
            ((long)run[worked]).ShouldBePositive();
        }
    }

    [Fact]
    [Spec("K-075")]
    public void The_strict_kernel_refuses_unknown_bits_of_every_type()
    {
        KernelProfile strict = Plain with { Switches = ProfileSwitches.StrictMapFlags };
        foreach (ulong type in (ulong[])[MapPrivate, MapShared])
        {
            Calls(strict, a => Keep(a, 0, Mmap, 0, 4096, 3, type | Anonymous | Unknown, None, 0))[0].ShouldBe(Minus(Errno.EINVAL));
            ((long)Calls(strict, a => Keep(a, 0, Mmap, 0, 4096, 3, type | Anonymous, None, 0))[0]).ShouldBePositive();
            ((long)Calls(Plain, a => Keep(a, 0, Mmap, 0, 4096, 3, type | Anonymous | Unknown, None, 0))[0]).ShouldBePositive();
        }
    }

    [Theory]
    [InlineData(MapBit40.Ignore, true)]
    [InlineData(MapBit40.BigPage, false)]
    [InlineData(MapBit40.Map32Bit, false)]
    [Spec("K-075")]
    public void The_strict_kernel_knows_bit_40_where_it_means_something(MapBit40 meaning, bool refused)
    {
        KernelProfile strict = Plain with { Switches = ProfileSwitches.StrictMapFlags, Bit40 = meaning };

        long answer = (long)Calls(strict, a => Keep(a, 0, Mmap, 0, TwoMiB, 3, MapPrivate | Anonymous | Bit40, None, 0))[0];

        (answer == (long)Minus(Errno.EINVAL)).ShouldBe(refused);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Spec("K-076")]
    public void A_setting_makes_segments_of_large_pages_without_any_flag(bool on)
    {
        GuestRun run = Calls(Plain, a =>
        {
            if (on)
            {
                Store(a, Text, "/proc/sys/kernel/shm-use-bigpages");
                Store(a, Text + 0x100, "1");
                Keep(a, 0, 2, Text, 1);
                Keep(a, 1, 1, 3, Text + 0x100, 1);
                a.Call(3, 3);
            }

            Store(a, Text, "/dev/shm/x");
            Keep(a, 2, 2, Text, 0x42, 0x180);
            Keep(a, 3, 77, 3, TwoMiB);
            Keep(a, 4, Mmap, 0, 4096, 3, MapPrivate, 3, 0);
            Keep(a, 5, Mmap, 0, 4096, 3, MapShared, 3, 0);
            Keep(a, 6, 29, 0, 5000, 0x3B6);
            a.mov(rdi, rax);
            a.mov(rsi, 0);
            a.mov(rdx, 0);
            a.mov(rax, 30);
            a.syscall();
            a.mov(r12, AssembledGuest.Data + 56);
            a.mov(__[r12], rax);
            a.mov(__qword_ptr[rax + 4096], 1);
        });

        run[3].ShouldBe(0UL);
        (run[4] == Minus(Errno.EINVAL), (long)run[5] > 0).ShouldBe((on, true));
        run.Trace!.Faults[^1].After.Has(PteBits.PS).ShouldBe(on);
        (run[7] % TwoMiB == 0).ShouldBe(on);
    }

    [Fact]
    [Spec("K-077")]
    public void The_calls_of_2_5_36_give_locked_pages_and_later_kernels_know_none()
    {
        const ulong Data = AssembledGuest.Data;
        void Program(Assembler a)
        {
            a.Int80(250, 0, 0, TwoMiB, 3, 0);
            a.mov(r12, Data);
            a.mov(__[r12], rax);
            Label refused = a.CreateLabel();
            a.test(rax, rax);
            a.js(refused);
            a.mov(__qword_ptr[rax + 0x1234], 0x77);
            a.Call(157, 3);
            a.mov(r12, Data);
            a.mov(rax, __[r12]);
            a.mov(rcx, __[rax + 0x1234]);
            a.mov(__[r12 + 8], rcx);
            a.mov(rbx, rax);
            a.mov(rax, 251);
            a.@int(0x80);
            a.mov(__[r12 + 16], rax);
            a.mov(rbx, __[r12]);
            a.mov(rax, 251);
            a.@int(0x80);
            a.mov(__[r12 + 24], rax);
            a.Int80(250, 5, 0, TwoMiB, 3, 0);
            a.mov(__[r12 + 32], rax);
            a.Int80(250, 5, 0, TwoMiB, 3, 0x200);
            a.mov(__[r12 + 40], rax);
            a.Int80(250, 5, 0, TwoMiB, 3, 0);
            a.mov(__[r12 + 48], rax);
            a.Int80(250, 0, 0, TwoMiB + 4096, 3, 0);
            a.mov(__[r12 + 56], rax);
            a.Label(ref refused);
            a.PrintAndExit(Data, 64);
        }

        PressureRule[] pressure = [new(PressureTrigger.SyscallReturn, PressureAction.Age) { Name = "prctl" }, new(PressureTrigger.SyscallReturn, PressureAction.Reclaim) { Name = "prctl", Frames = 100_000 }];
        GuestRun run = GuestRun.Of(Program, o => o with
        {
            Profile = Plain with { Switches = ProfileSwitches.HugeCalls },
            SwapBytes = 64 << 20,
            Pressure = pressure,
        });
        (run[0] % TwoMiB, (long)run[0] > 0, run[1]).ShouldBe((0UL, true, 0x77UL));
        run.Trace!.Faults.First(fault => fault.Fault.Cr2.Raw == run[0] + 0x1234).After.Has(PteBits.PS).ShouldBeTrue();
        run.Result.Statistics.Memory[MmCounter.PswpOut].ShouldBeGreaterThan(0UL, "the pressure was felt elsewhere");
        (run[2], run[3], run[4]).ShouldBe((0UL, Minus(Errno.EINVAL), Minus(Errno.ENOENT)));
        ((long)run[5] > 0, (long)run[6] > 0, run[5] == run[6]).ShouldBe((true, true, false));
        run[7].ShouldBe(Minus(Errno.EINVAL));

        GuestRun.Of(Program, o => o with { Profile = Plain })[0].ShouldBe(Minus(Errno.ENOSYS));
        ShouldBeHuge(MapAndTouch(Plain, MapPrivate | Anonymous | HugeTlb));
    }

    [Fact]
    [Spec("K-078")]
    public void Todays_bit_does_not_meet_the_bit_of_2002()
    {
        foreach (MapBit40 meaning in Enum.GetValues<MapBit40>())
        {
            ShouldBeHuge(MapAndTouch(Plain with { Bit40 = meaning }, MapPrivate | Anonymous | HugeTlb));
        }

        GuestRun both = MapAndTouch(Plain, MapPrivate | Anonymous | HugeTlb | Bit40);
        ShouldBeHuge(both);
        (both[0] < TwoGiB).ShouldBeTrue();
    }

    private static ulong Minus(Errno errno) => unchecked((ulong)-(long)errno);

    private static void ShouldBeHuge(GuestRun run)
    {
        run.Trace!.Faults[^1].After.Has(PteBits.P | PteBits.PS).ShouldBeTrue();
        run.Result.ExitCode.ShouldBe(0);
    }

    /// <summary>Maps 2 MiB, keeps the address as word 0, and writes into the middle.</summary>
    private static GuestRun MapAndTouch(KernelProfile profile, ulong flags) => Calls(profile, a =>
    {
        Keep(a, 0, Mmap, 0, TwoMiB, 3, flags, None, 0);
        a.mov(__qword_ptr[rax + 0x1234], 1);
    });

    private static GuestRun Calls(KernelProfile profile, Action<Assembler> calls) => GuestRun.Of(
        a =>
        {
            // Printing touches this page, which is not to be the last fault of the run.
            a.mov(r12, AssembledGuest.Data);
            a.mov(__qword_ptr[r12], 0);
            calls(a);
            a.PrintAndExit(AssembledGuest.Data, 64);
        },
        o => o with { Profile = profile });

    /// <summary>A call whose result becomes word <paramref name="index"/> of the output.</summary>
    private static void Keep(Assembler a, ulong index, ulong number, params ulong[] arguments)
    {
        a.Call(number, arguments);
        a.mov(r12, AssembledGuest.Data + (index * 8));
        a.mov(__[r12], rax);
    }

    private static void Store(Assembler a, ulong address, string text)
    {
        byte[] bytes = new byte[(text.Length / 8 * 8) + 8];
        System.Text.Encoding.ASCII.GetBytes(text, bytes);
        a.mov(r12, address);
        for (int i = 0; i < bytes.Length; i += 8)
        {
            a.mov(r13, BitConverter.ToUInt64(bytes, i));
            a.mov(__[r12 + i], r13);
        }
    }
}
