using System.Globalization;
using MmuEmu.Debugger.Monitor;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>What happens here, and why, for somebody who sees it for the first time.</summary>
/// <param name="sight">The look.</param>
internal sealed class WhyTaker(Sight sight)
{
    /// <summary>The sentences, each to be broken into lines where there is room.</summary>
    public IReadOnlyList<string> Sentences()
    {
        if (sight.IsAtInstruction)
        {
            return AtInstruction();
        }

        if (sight.Step == 0)
        {
            return [string.Create(CultureInfo.InvariantCulture, $"Before the first of {sight.What.End} micro-steps of the kernel's own work.")];
        }

        MicroStory story = new(sight.What, new WalkStory(sight.Mode, sight.Context.Style.Format), new KernelStory(sight.Context.Style));
        int number = (int)sight.Step - 1;
        List<string> sentences =
        [
            string.Create(CultureInfo.InvariantCulture, $"{sight.Step} of {sight.What.End}: {story.Short(number)}"),
            story.Sentence(number),
        ];
        if (Fault() is { } fault)
        {
            sentences.Add(OfFault(fault));
        }

        return sentences;
    }

    private List<string> AtInstruction()
    {
        string touches = Operand.Of(sight.Kernel) is { } access ? $", a {PteWord(access)} at {access.Address}" : "";
        List<string> sentences = [$"Next: {CodeText.At(sight.Kernel, sight.Rip)}{touches}."];
        uint left = sight.What.End - sight.Step;
        sentences.Add(left == 0
            ? "Nothing happens inside it that a micro-step could show: the TLBs have every page that it needs."
            : string.Create(CultureInfo.InvariantCulture, $"{left} micro-steps happen from here on at this T: u goes through them, one by one."));
        if (Fault() is { } fault)
        {
            sentences.Add($"It will fault: {OfFault(fault)}");
        }

        return sentences;
    }

    private static string PteWord(in Access access) => access.Kind == AccessKind.Write ? "write" : "read";

    /// <summary>The fault that the micro-step is a part of: the first whose end is not before it; only of the instruction of this T.</summary>
    private FaultDetail? Fault()
    {
        if (sight.Step < sight.What.Start)
        {
            return null;
        }

        for (int i = Math.Max(sight.Number, 0); i < sight.What.Events.Count; i++)
        {
            if (sight.What.Events[i].Detail is FaultDetail fault)
            {
                return fault;
            }
        }

        return LastSignalled();
    }

    /// <summary>Behind the end of a fault its signal is still to come.</summary>
    private FaultDetail? LastSignalled()
    {
        for (int i = sight.Number; i >= 0; i--)
        {
            if (sight.What.Events[i] is { Kind: KernelEvent.FaultSignalled, Detail: FaultDetail fault })
            {
                return fault;
            }
        }

        return null;
    }

    private static string OfFault(FaultDetail fault)
    {
        string what = $"{WalkText.Access(fault.Fault.Code)} of {fault.Fault.Cr2}: {FaultText.Explain(fault.Kind)}";
        return fault.Signal.Signal == Signal.None ? what : $"{what} -> {SignalText.Of(fault.Signal)}";
    }
}
