using MmuEmu.Emulator.Machine;
using MmuEmu.Emulator.Tlb;
using MmuEmu.Emulator.Translation;
using MmuEmu.Tests.Builders;

namespace MmuEmu.Tests.Machine;

/// <summary>A machine that is saved half-way and restored goes on exactly as it did.</summary>
public sealed class MachineImageTests
{
    private const int Before = 120;
    private const int After = 150;

    /// <summary>What a restoring need not bring back.</summary>
    private static readonly HashSet<string> Left =
    [
        "PhysicalMemory",               // its content is compared apart
        "Watcher",                      // the test's own
        "DataPort._bounce",             // means nothing between two accesses
        "Engine._decoded",              // set before it is asked, within one entry
        "TranslationArray._leaving",    // room for one invalidation
        "TranslationArray._lastPut",    // where to look first
        "BlockCache._overwritten",      // room for one store
        "BlockDecoder",                 // room for one block
        "Lowering",                     // likewise
        "BlockPricing",                 // likewise
        "Block._image",                 // what is shared with images, and whether
        "Block._shared",
        "FrameCode._image",
        "OpArena._base",
        "CpuModel",                     // never change
        "MachinePreset",
        "MmuOptions",
    ];

    public static TheoryData<TlbMode, bool, SpeculativeFill> Machines() => new()
    {
        { TlbMode.Preset, false, SpeculativeFill.None },
        { TlbMode.Preset, true, SpeculativeFill.None },
        { TlbMode.Preset, false, SpeculativeFill.NextPage },
        { TlbMode.NoCache, false, SpeculativeFill.None },
        { TlbMode.NoCache, true, SpeculativeFill.None },
        { TlbMode.MaxStale, false, SpeculativeFill.None },
        { TlbMode.MaxStale, true, SpeculativeFill.NextPage },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Restored_it_is_what_it_was_to_the_last_field(TlbMode mode, bool timed, SpeculativeFill ahead)
    {
        using RestlessMachine machine = Machine(mode, timed, ahead);
        machine.Run(Before);
        string summary = machine.Summary();
        using MachineImage image = machine.Set.Save();
        ObjectGraph graph = ObjectGraph.Of(machine.Set, Left);
        graph.Differences().ShouldBeEmpty();
        machine.Run(After);
        graph.Differences().Count.ShouldBeGreaterThan(20);

        machine.Set.Restore(image);

        graph.Differences().ShouldBeEmpty();
        machine.Summary().ShouldBe(summary);
        graph.Count.ShouldBeGreaterThan(100);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void It_goes_on_as_it_did_the_first_time(TlbMode mode, bool timed, SpeculativeFill ahead)
    {
        using RestlessMachine machine = Machine(mode, timed, ahead);
        machine.Run(Before);
        (MachineImage image, (ulong, int, ulong) runner) = (machine.Set.Save(), machine.Runner);
        List<string> first = machine.Run(After);
        string end = machine.Summary();

        for (int time = 0; time < 2; time++)
        {
            machine.Set.Restore(image);
            machine.Runner = runner;

            machine.Run(After).ShouldBe(first);
            machine.Summary().ShouldBe(end);
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Saving_changes_nothing_of_what_follows(TlbMode mode, bool timed, SpeculativeFill ahead)
    {
        using RestlessMachine saved = Machine(mode, timed, ahead);
        using RestlessMachine plain = Machine(mode, timed, ahead);
        List<MachineImage> images = [];
        for (int i = 0; i < 10; i++)
        {
            saved.Run(Before / 4).ShouldBe(plain.Run(Before / 4));
            images.Add(saved.Set.Save(images.LastOrDefault()));
        }

        saved.Summary().ShouldBe(plain.Summary());
        images.ForEach(image => image.Dispose());
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void Several_images_come_back_in_any_order(TlbMode mode, bool timed, SpeculativeFill ahead)
    {
        using RestlessMachine machine = Machine(mode, timed, ahead);
        List<(MachineImage Image, (ulong, int, ulong) Runner, List<string> Next)> saved = [];
        for (int i = 0; i < 4; i++)
        {
            machine.Run(Before / 2);
            MachineImage image = machine.Set.Save(saved.LastOrDefault().Image);
            (ulong, int, ulong) runner = machine.Runner;
            saved.Add((image, runner, machine.Run(40)));
            if (i == 2)
            {
                machine.Set.Restore(image);
                machine.Runner = runner;
            }
        }

        foreach (int i in (int[])[0, 3, 0, 1, 1, 2, 3, 0, 2])
        {
            machine.Set.Restore(saved[i].Image);
            machine.Runner = saved[i].Runner;
            ObjectGraph graph = ObjectGraph.Of(machine.Set, Left);
            machine.Run(40).ShouldBe(saved[i].Next);
            machine.Set.Restore(saved[i].Image);
            graph.Differences().ShouldBeEmpty();
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void What_is_written_right_behind_a_restoring_is_in_the_next_image(TlbMode mode, bool timed, SpeculativeFill ahead)
    {
        using RestlessMachine machine = Machine(mode, timed, ahead);
        machine.Run(Before);
        using MachineImage image = machine.Set.Save();
        for (int turns = 1; turns < 8; turns++)
        {
            machine.Run(After / 10);
            machine.Set.Restore(image);
            machine.Run(turns);
            string summary = machine.Summary();
            using MachineImage next = machine.Set.Save(image);
            machine.Run(turns);
            machine.Set.Restore(next);

            machine.Summary().ShouldBe(summary);
        }
    }

    [Fact]
    public void Two_machines_side_by_side_do_what_each_does_alone()
    {
        using RestlessMachine alone = Machine(TlbMode.Preset, false, SpeculativeFill.None);
        using RestlessMachine aloneTimed = Machine(TlbMode.Preset, true, SpeculativeFill.NextPage);
        (List<string> first, List<string> second) = (alone.Run(After), aloneTimed.Run(After));

        using RestlessMachine one = Machine(TlbMode.Preset, false, SpeculativeFill.None);
        using RestlessMachine other = Machine(TlbMode.Preset, true, SpeculativeFill.NextPage);
        (List<string> ones, List<string> others) = ([], []);
        for (int i = 0; i < After; i++)
        {
            ones.AddRange(one.Run(1));
            others.AddRange(other.Run(1));
            one.Set.Save().Dispose();
        }

        ones.ShouldBe(first);
        others.ShouldBe(second);
        (one.Summary(), other.Summary()).ShouldBe((alone.Summary(), aloneTimed.Summary()));
    }

    [Fact]
    public void Another_machines_image_is_refused()
    {
        using RestlessMachine one = Machine(TlbMode.Preset, false, SpeculativeFill.None);
        using RestlessMachine other = Machine(TlbMode.Preset, false, SpeculativeFill.None);
        using MachineImage image = other.Set.Save();

        Should.Throw<ArgumentException>(() => one.Set.Restore(image));
        Should.Throw<ArgumentException>(() => one.Set.Save(image));
    }

    private static RestlessMachine Machine(TlbMode mode, bool timed, SpeculativeFill ahead) =>
        new(3, new MmuOptions { TlbMode = mode, SpeculativeFill = ahead }, timed);
}
