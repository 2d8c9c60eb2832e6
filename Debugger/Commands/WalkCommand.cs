using System.CommandLine;
using MmuEmu.Debugger.Options;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Sessions;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tables;

namespace MmuEmu.Debugger.Commands;

/// <summary><c>mmuemu walk</c>: the entries that translate an address at a point of a run.</summary>
internal static class WalkCommand
{
    /// <summary>The command.</summary>
    public static Command Make(Output output)
    {
        RunFlags flags = new();
        Argument<string> guest = new("GUEST")
        {
            HelpName = "GUEST",
            Description = "An x86-64 ELF file, static or dynamic, or the name of a program that ships.",
            CompletionSources = { ValueWords.FileOr(() => GuestChoice.Words).Complete },
        };
        Argument<string> address = new("ADDR") { Description = "A virtual address of the guest." };
        Option<string> at = new("--at")
        {
            HelpName = "POINT",
            Description = $"The point of the run: {StopText.Form}. The end is just before the program is gone.",
            CompletionSources = { ValueWords.OneOf(() => StopText.Words).Complete },
            DefaultValueFactory = _ => "end",
        };
        Command command = new("walk", "Runs a guest to a point and shows the 4-level walk of an address.") { guest, address, at };
        flags.AddOptionsTo(command);
        command.SetAction(parsed =>
        {
            VirtAddr target = AddressOf(parsed.GetValue(address)!);
            StopAt stop = StopOf(parsed.GetValue(at)!);
            PlannedRun plan = RunPlan.Of(parsed, flags, [parsed.GetValue(guest)!]);
            using MiniKernel kernel = RunTo(plan.Options, stop);
            plan.Notes.ToList().ForEach(output.Say);
            Show(output, kernel, target, new SoftPteFormat(plan.Options.Profile));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static VirtAddr AddressOf(string text) =>
        HexNumber.TryParse(text, out ulong value)
            ? new VirtAddr(value)
            : throw new CommandException(ExitCodes.Usage, $"ADDR '{text}': expected {HexNumber.Form}", "try: mmuemu walk hello 0x401000");

    private static StopAt StopOf(string text) =>
        StopText.TryParse(text, out StopAt stop)
            ? stop
            : throw new CommandException(ExitCodes.Usage, $"--at '{text}': expected {StopText.Form}", "try: --at syscall:write#1");

    /// <summary>The machine at the point; when the guest ended before, as it was just before its end.</summary>
    private static MiniKernel RunTo(KernelOptions options, StopAt stop)
    {
        MiniKernel kernel = GuestSession.Start(options);
        RunResult result = kernel.Run(stop);
        if (result.Reason == EndReason.Paused)
        {
            return kernel;
        }

        kernel.Dispose();
        ulong before = result.Reason == EndReason.Exited ? result.Time - 1 : result.Time;
        kernel = GuestSession.Start(options);
        kernel.Run(StopAt.Time(before));
        return kernel;
    }

    private static void Show(Output output, MiniKernel kernel, VirtAddr target, SoftPteFormat format)
    {
        TextWriter writer = output.Out;
        Mmu mmu = kernel.Core.Mmu;
        PagingMode mode = mmu.Mode;
        writer.WriteLine($"{target} at t={kernel.Time}, CR3 {mode.Root.Base}{(mode.Has(PagingBits.Pcide) ? $" pcid {mode.Pcid}" : "")}");
        if (!target.IsCanonical(mode.AddressBits))
        {
            writer.WriteLine("  not canonical: any access is #GP (or #SS through the stack segment); no walk takes place");
            return;
        }

        bool mapped = mmu.TryPeek(target, out Leaf leaf, out WalkPath path);
        foreach (string line in WalkText.Lines(target, path, format, output.OutPaint))
        {
            writer.WriteLine($"  {line}");
        }

        if (mapped)
        {
            PhysAddr physical = leaf.FrameOf(target).Base + (ulong)target.PageOffset;
            writer.WriteLine($"  => {physical}, a page of {ByteCount.Show(leaf.Size.Bytes())}");
        }

        foreach (string line in AccessText.Lines((kind, origin) => Judge(kernel, mode, new Access(target, kind, origin))))
        {
            writer.WriteLine($"  {line}");
        }
    }

    private static PageFaultCode? Judge(MiniKernel kernel, in PagingMode mode, in Access access) =>
        PageWalker.TryWalk(kernel.Ram, mode, WalkStart.AtRoot(mode), access, out _, out _, out PageFault fault) ? null : fault.Code;
}
