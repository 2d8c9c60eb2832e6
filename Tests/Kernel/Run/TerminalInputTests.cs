using System.Text;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Setup;
using MmuEmu.Tests.Debugger;

namespace MmuEmu.Tests.Kernel.Run;

/// <summary>What a person types comes when it comes; the guest that waits for it can be signalled, and its clock knows how long it waited.</summary>
public sealed class TerminalInputTests
{
    // exit(read(0, rsp, 16))
    private static readonly byte[] Reads =
        [0x31, 0xC0, 0x31, 0xFF, 0x48, 0x89, 0xE6, 0xBA, 16, 0, 0, 0, 0x0F, 0x05, 0x89, 0xC7, 0xB8, 60, 0, 0, 0, 0x0F, 0x05];

    // exit(poll({ 0, POLLIN }, 1, 120))
    private static readonly byte[] Polls =
    [
        0x48, 0xB8, 0, 0, 0, 0, 1, 0, 0, 0, 0x48, 0x89, 0x04, 0x24, 0x48, 0x89, 0xE7, 0xBE, 1, 0, 0, 0, 0xBA, 120, 0, 0, 0, 0xB8, 7, 0, 0, 0, 0x0F, 0x05,
        0x89, 0xC7, 0xB8, 60, 0, 0, 0, 0x0F, 0x05,
    ];

    [Fact]
    public void A_read_waits_until_something_is_typed()
    {
        Seat seat = new();
        using MiniKernel kernel = Start(Reads, seat);
        seat.OnWait = waits => seat.Typed = waits == 3 ? "ab\n" : "";

        RunResult result = kernel.Run();

        (result.Reason, result.ExitCode, seat.Waits.Count).ShouldBe((EndReason.Exited, 3, 3));
    }

    [Fact]
    public void A_signal_reaches_a_guest_that_waits_for_a_person()
    {
        Seat seat = new();
        using MiniKernel kernel = Start(Reads, seat);
        seat.OnWait = waits =>
        {
            if (waits == 2)
            {
                kernel.AskSignal(Signal.SIGINT);
            }
        };

        RunResult result = kernel.Run();

        (result.Reason, result.Signal, result.ExitCode, seat.Waits.Count).ShouldBe((EndReason.Killed, Signal.SIGINT, 130, 2));
    }

    [Fact]
    public void A_pause_that_is_asked_for_meanwhile_comes_and_the_wait_goes_on()
    {
        Seat seat = new();
        using MiniKernel kernel = Start(Reads, seat);
        seat.OnWait = _ => kernel.AskPause();

        kernel.Run().Reason.ShouldBe(EndReason.Interrupted);

        seat.OnWait = _ => seat.Typed = "x";
        kernel.Run().ExitCode.ShouldBe(1);
    }

    [Fact]
    public void Poll_waits_as_long_as_it_was_told_in_the_hosts_time()
    {
        Seat seat = new();
        using MiniKernel kernel = Start(Polls, seat);

        RunResult result = kernel.Run();

        result.ExitCode.ShouldBe(0);
        seat.Waits.Sum().ShouldBeInRange(120, 121);
        kernel.System.Clock.NowNs.ShouldBeInRange(120_000_000UL, 121_000_000UL);
    }

    [Fact]
    public void Poll_ends_with_what_is_typed()
    {
        Seat seat = new();
        using MiniKernel kernel = Start(Polls, seat);
        seat.OnWait = waits => seat.Typed = waits == 2 ? "x" : "";

        kernel.Run().ExitCode.ShouldBe(1);
        seat.Waits.Count.ShouldBe(2);
    }

    private static MiniKernel Start(byte[] code, IHostStream input)
    {
        string file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(file, TinyElf.Around(code));
        KernelBuilder.TryBuild(new KernelOptions { Program = file, Input = input }, out MiniKernel? kernel, out BootFailure? failure).ShouldBeTrue($"{failure}");
        File.Delete(file);
        return kernel!;
    }

    /// <summary>A terminal at which a test sits.</summary>
    private sealed class Seat : IHostStream
    {
        public List<int> Waits { get; } = [];

        public Action<int> OnWait { get; set; } = _ => { };

        public string Typed { get; set; } = "";

        public bool IsTerminal => true;

        public (ushort Columns, ushort Rows) Size => (80, 24);

        public bool HasInput(int milliseconds)
        {
            if (milliseconds > 0)
            {
                Waits.Add(milliseconds);
                OnWait(Waits.Count);
            }

            return Typed.Length > 0;
        }

        public Errno Read(Span<byte> destination, out int count)
        {
            count = Encoding.ASCII.GetBytes(Typed, destination);
            Typed = "";
            return Errno.None;
        }

        public Errno Write(ReadOnlySpan<byte> source, out int count)
        {
            count = source.Length;
            return Errno.None;
        }
    }
}
