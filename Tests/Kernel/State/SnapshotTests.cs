using MmuEmu.Guests;
using MmuEmu.Kernel.Run;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Kernel.State;

/// <summary>A run that is saved half-way and restored goes on exactly as it did: events, output, end, RAM, counters.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Catalogue => [.. GuestCatalogue.Programs.Select(program => program.Name)];

    /// <summary>Other machines than the catalogue's: several processors and orders, little RAM and swap, rules of pressure.</summary>
    public static TheoryData<string, TimingMode> Others => new()
    {
        { "--cpus 4 --seed 7 pthread-mix-glibc", TimingMode.Off },
        { "--cpus 2 pthread-mix-musl", TimingMode.On },
        { "--cpus 3 sockets", TimingMode.Off },
        { "--cpus 4 cow-fork", TimingMode.On },
        { "vrange-recover", TimingMode.On },
        { "hello-glibc", TimingMode.On },
        { "--ram 8M --swap 16M page-touch", TimingMode.On },
        { "--tlb maxstale --seed 3 --cpus 2 vrange-threads", TimingMode.Off },
        { "--tlb nocache hello-glibc", TimingMode.Off },
        { "--profile files=K-exit bystander", TimingMode.Off },
        { "--profile ashmem pinned-objects", TimingMode.Off },
    };

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_program_that_ships_goes_on_as_it_did(string name) => GoesOn(name, TimingMode.Off);

    [Theory]
    [MemberData(nameof(Others))]
    public void So_it_does_on_other_machines(string line, TimingMode timing) => GoesOn(line, timing);

    [Theory]
    [InlineData("/bin/ls /")]
    [InlineData("--ram 4M --swap 4M /usr/bin/sort -r /etc/passwd")]
    public void So_does_a_dynamically_linked_program_of_the_host(string line)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/bin/ls") && File.Exists("/usr/bin/sort"), "needs ls and sort: apt-get install coreutils");

        GoesOn(line, TimingMode.Off);
    }

    [Theory]
    [InlineData("every 20000 insns: reclaim 40 frames")]
    [InlineData("every 30000 insns: age")]
    [InlineData("every 50000 insns: purge")]
    public void So_it_does_under_pressure(string rule)
    {
        foreach (string name in (string[])["vrange-recover", "cow-fork", "libc-mix-musl"])
        {
            GoesOn($"--ram 16M --swap 16M --pressure|{rule}|{name}", TimingMode.Off);
        }
    }

    [Theory]
    [InlineData("hello", TimingMode.Off)]
    [InlineData("cow-fork", TimingMode.On)]
    [InlineData("vrange-recover", TimingMode.Off)]
    [InlineData("--cpus 4 pthread-mix-musl", TimingMode.Off)]
    [InlineData("sockets", TimingMode.Off)]
    [InlineData("--ram 8M --swap 16M page-touch", TimingMode.Off)]
    public void Restored_it_is_what_it_was_to_the_last_field(string line, TimingMode timing)
    {
        ulong half = HalfOf(line, timing);
        using SavedRun run = new(line, timing);
        run.Run(StopAt.Time(half));
        using RunImage image = run.Kernel.Save();
        ObjectGraph graph = ObjectGraph.Of(run.Kernel, LeftOut.OfRun);
        graph.Differences().ShouldBeEmpty();
        run.Run();
        graph.Differences().Count.ShouldBeGreaterThan(20);

        run.Kernel.Restore(image);

        graph.Differences().ShouldBeEmpty();
    }

    [Fact]
    public void Two_runs_side_by_side_do_what_each_does_alone()
    {
        (string one, string other) = ("cow-fork", "--cpus 4 pthread-mix-musl");
        (ulong first, ulong second) = (HalfOf(one, TimingMode.Off), HalfOf(other, TimingMode.Off));
        (SavedRun.Told ones, SavedRun.Told others) = (Whole(one, first), Whole(other, second));
        using SavedRun a = new(one);
        using SavedRun b = new(other);

        SavedRun.Told aHalf = a.Run(StopAt.Time(first));
        using RunImage image = a.Kernel.Save();
        SavedRun.Told bHalf = b.Run(StopAt.Time(second));

        aHalf.Then(a.Run()).ShouldBeLike(ones, one);
        bHalf.Then(b.Run()).ShouldBeLike(others, other);
    }

    [Fact]
    public void Another_runs_image_is_refused()
    {
        using SavedRun one = new("hello");
        using SavedRun other = new("hello");
        using RunImage image = other.Kernel.Save();

        Should.Throw<ArgumentException>(() => one.Kernel.Restore(image));
        Should.Throw<ArgumentException>(() => one.Kernel.Save(image));
    }

    /// <summary>Half without saving, then the rest.</summary>
    private static SavedRun.Told Whole(string line, ulong half, TimingMode timing = TimingMode.Off)
    {
        using SavedRun run = new(line, timing);
        return run.Run(StopAt.Time(half)).Then(run.Run());
    }

    private static ulong HalfOf(string line, TimingMode timing)
    {
        using SavedRun run = new(line, timing);
        run.Run();
        return run.Kernel.Time / 2;
    }

    /// <summary>Saved and not saved it is the same run; restored it goes on as before, twice, and from a second image as well.</summary>
    private static void GoesOn(string line, TimingMode timing)
    {
        // A pause makes a processor that keeps no translations fetch anew, so the other run pauses too.
        ulong half = HalfOf(line, timing);
        SavedRun.Told all = Whole(line, half, timing);
        using SavedRun run = new(line, timing);
        SavedRun.Told before = run.Run(StopAt.Time(half));
        using RunImage image = run.Kernel.Save();
        SavedRun.Told rest = run.Run();

        before.Then(rest).ShouldBeLike(all, $"{line}, saved");
        for (int time = 0; time < 2; time++)
        {
            run.Kernel.Restore(image);
            run.Kernel.Time.ShouldBe(image.Time);
            run.Run().ShouldBeLike(rest, $"{line}, restored {time + 1} times");
        }
    }
}
