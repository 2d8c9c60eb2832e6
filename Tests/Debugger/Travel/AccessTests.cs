using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Builders;
using MmuEmu.Tests.Kernel.State;

namespace MmuEmu.Tests.Debugger.Travel;

/// <summary>Reads and writes of the program, found without asking the machine, against those that the machine tells.</summary>
public sealed class AccessTests
{
    [Theory]
    [InlineData("hello")]
    [InlineData("sort 500")]
    [InlineData("simd-text")]
    [InlineData("pixels-avx2 1")]
    [InlineData("libc-mix-musl")]
    [InlineData("xstate-signals")]
    public void The_machine_touches_nothing_that_an_instruction_is_not_said_to_touch(string line)
    {
        Told told = new(line);

        told.Run(400_000);

        told.Breaches.ShouldBeEmpty();
        told.Accesses.Count.ShouldBeGreaterThan(300);
    }

    [Theory]
    [InlineData("hello", true)]
    [InlineData("hello", false)]
    [InlineData("sort 500", true)]
    [InlineData("libc-mix-musl", false)]
    public void Accesses_are_met_behind_the_instruction_forwards_and_before_it_backwards(string line, bool onlyReads)
    {
        const int Most = 12;
        const int Length = 8;
        Told told = new(line);
        told.Run(30_000);
        ulong address = told.Accesses.Where(access => !access.Writes).GroupBy(access => access.Address & ~7UL).OrderBy(group => Math.Abs(group.Count() - Most)).First().Key;
        ulong[] times = [.. told.Accesses
            .Where(access => (!access.Writes || !onlyReads || access.Updates) && access.Address < address + Length && access.Address + access.Count > address)
            .Select(access => access.Time).Distinct().Take(Most)];
        using TravelledRun run = new(line);
        AccessGoal goal = new("access", run.Journey.Look(kernel => new MmuEmu.Kernel.Views.KernelView(kernel).Spaces()[0].Id), address, Length, onlyReads);

        ulong[] forward = [.. times.Select(_ => run.Journey.RunTo([goal], Direction.Forward).Where.Time)];
        ulong[] back = [.. times.Select(_ => run.Journey.RunTo([goal], Direction.Backward).Where.Time)];

        times.ShouldNotBeEmpty();
        forward.ShouldBe(times.Select(time => time + 1));
        back.ShouldBe(times.Reverse());
    }

    [Fact]
    public void Looking_for_accesses_changes_nothing_of_the_run()
    {
        using TravelledRun run = new("sort 500");
        AccessGoal goal = new("access", 1, 0x400000, 4, true);

        run.Journey.RunTo([goal], Direction.Forward).Reason.ShouldBe(StopReason.End);
        string searched = run.Here();
        using TravelledRun plain = new("sort 500");
        plain.Journey.Seek(ulong.MaxValue);

        searched.ShouldBe(plain.Here());
    }

    /// <summary>A run whose accesses the machine tells, beside what the reader says of each instruction.</summary>
    private sealed class Told(string line) : ITraceSink, IInstructionProbe
    {
        private readonly TouchReader _reader = new();
        private List<Touch> _touches = [];
        private MiniKernel? _kernel;
        private ulong _rip;

        public List<(ulong Time, ulong Address, ulong Count, bool Writes, bool Updates)> Accesses { get; } = [];

        public List<string> Breaches { get; } = [];

        public TraceMask Wanted { get; } = TraceMask.Of(TraceEventKind.Access);

        public void Run(ulong instructions)
        {
            KernelBuilder.TryBuild(SavedRun.OptionsOf(line) with { Trace = this }, out _kernel, out BootFailure? failure).ShouldBeTrue(failure?.Message);
            using (_kernel)
            {
                _kernel!.Probe(this);
                _kernel.Run(StopAt.Time(instructions));
            }
        }

        public void Before(ulong time, ulong rip, ulong rsp)
        {
            Vcpu cpu = _kernel!.Core.Vcpu;
            cpu.AtWork.IP.ShouldBe(rip);
            (_rip, _touches) = (rip, [.. _reader.Of(cpu, cpu.AtWork)]);
        }

        public bool Seeks(ulong rip) => false;

        public void Passed(ulong time, ulong rip)
        {
        }

        public void Take(in TraceEvent happened)
        {
            (ulong start, ulong count) = (happened.Address.Raw, happened.Count);
            bool writes = ((AccessDetail)happened.Detail!).Access.Kind == AccessKind.Write;
            bool said = _touches.Exists(touch => start >= touch.Start && start + count <= touch.Start + touch.Length && (writes || touch.Reads));
            if (!said && Breaches.Count < 5)
            {
                Breaches.Add($"T {happened.Stamp.Time} {_kernel!.Core.Vcpu.AtWork} at {_rip:x}: {(writes ? "writes" : "reads")} {count} at {start:x}; said: {string.Join(' ', _touches)}");
            }

            Accesses.Add((happened.Stamp.Time, start, count, writes, _touches.Exists(touch => touch.Reads && start >= touch.Start && start < touch.Start + touch.Length)));
        }
    }
}
