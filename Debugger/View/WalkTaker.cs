using MmuEmu.Debugger.Matrix;
using MmuEmu.Debugger.Rendering;
using MmuEmu.Debugger.Travel;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Translation;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.View;

/// <summary>Takes the walk of an address out of a look at the machine.</summary>
/// <param name="sight">The look.</param>
internal sealed class WalkTaker(Sight sight)
{
    /// <summary>The walk that <paramref name="selection"/> means here.</summary>
    public WalkScene Take(int space, Selection selection)
    {
        (Access access, string from) = new AddressChoice(sight).Of(selection);
        VirtAddr address = access.Address;
        PagingMode mode = sight.Mode;
        WalkScene walk = new(space, address, $"{PteText.Of(access.Origin)} {PteText.Of(access.Kind)}", from)
        {
            Parts = Parts(mode, address),
            Root = $"CR3 {mode.Root.Base}  pcid {mode.Pcid}",
            SignBits = (int)(address.Raw >> mode.AddressBits),
            Place = PlaceOf(),
        };
        if (!address.IsCanonical(mode.AddressBits))
        {
            return walk with { Verdict = "the address is not canonical: #GP, or #SS, without a walk", IsRefused = true };
        }

        Mmu mmu = sight.Kernel.Core.Mmu;
        _ = mmu.TryPeek(address, out _, out WalkPath path);
        WalkStart start = mmu.PeekStart(address);
        (string verdict, int refusing) = Judge(access, path);
        return walk with
        {
            Caches = Caches(mmu, address, start),
            Rungs = Rungs(path, address, start, refusing),
            Verdict = verdict,
            IsRefused = refusing >= 0,
        };
    }

    private static List<(PagingLevel Level, int Index)> Parts(in PagingMode mode, VirtAddr address)
    {
        List<(PagingLevel, int)> parts = [];
        for (PagingLevel level = mode.RootLevel; level >= PagingLevel.Pt; level--)
        {
            parts.Add((level, level.IndexOf(address)));
        }

        return parts;
    }

    private static string Caches(Mmu mmu, VirtAddr address, in WalkStart start)
    {
        string data = mmu.HoldsTranslation(AccessKind.Read, address) ? "hit" : "miss";
        string code = mmu.HoldsTranslation(AccessKind.Fetch, address) ? "hit" : "miss";
        string begin = start.Level == mmu.Mode.RootLevel ? "caches miss: start at root" : $"caches hit: start at {start.Level.ToString().ToUpperInvariant()}";
        return $"TLB data {data}, code {code}; {begin}";
    }

    private WalkPlace PlaceOf() => (sight.Micro?.Kind, sight.Event?.Kind) switch
    {
        (MicroKind.Canonical, _) => WalkPlace.Address,
        (MicroKind.Tlb or MicroKind.StructureCache, _) => WalkPlace.Caches,
        (MicroKind.Verdict, _) => WalkPlace.Verdict,
        (MicroKind.Event, TraceEventKind.Fill or TraceEventKind.Invalidated or KernelEvent.Flush) => WalkPlace.Caches,
        (MicroKind.Event, TraceEventKind.PageFault) => WalkPlace.Verdict,
        _ => WalkPlace.None,
    };

    /// <summary>What the access meets in the entries as they are, and the first that refuses it; -1 for none.</summary>
    private (string Text, int Refusing) Judge(in Access access, in WalkPath path)
    {
        PagingMode mode = sight.Mode;
        for (int i = 0; i < path.Count; i++)
        {
            AccessRule rule = PteText.RuleOf(path[i].Entry, path[i].Level, mode, access);
            if (rule != AccessRule.None)
            {
                bool passes = PageWalker.TryWalk(sight.Kernel.Ram, mode, WalkStart.AtRoot(mode), access, out _, out _, out PageFault fault);
                string code = passes ? "" : $" -> #PF {PteText.CodeOf(fault.Code)}";
                return ($"{RuleText.Of(rule, path[i].Entry, path[i].Level, mode, access)}{code}", i);
            }
        }

        return ("every level allows it", -1);
    }

    private List<Rung> Rungs(in WalkPath path, VirtAddr address, in WalkStart start, int refusing)
    {
        (WalkDetail? walk, int done) = WalkAt(address);
        List<Rung> rungs = [];
        for (int i = 0; i < path.Count; i++)
        {
            WalkStep step = path[i];
            Pte? before = Before(step.Slot);
            rungs.Add(new Rung(step.Level, step.Level.IndexOf(address), step.Slot, step.Entry)
            {
                Meaning = step.Entry.Present ? BitLetters.Of(step.Entry, step.Level) : Absent(step),
                Change = before is { } old ? BitLetters.Change(old, step.Entry) : "",
                ChangedLetters = before is { Present: true } was && step.Entry.Present ? BitLetters.Changed(was, step.Entry) : "",
                IsCursor = IsCursor(step),
                Refuses = i == refusing,
                State = StateOf(step.Level, walk, done, start),
            });
        }

        return rungs;
    }

    private string Absent(in WalkStep step)
    {
        const string Prefix = "not present: ";
        string text = EntryText.Of(step.Entry, step.Level, sight.Context.Style.Format);
        return text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
    }

    /// <summary>The last walk for the page up to here, and how many of its entries are read.</summary>
    private (WalkDetail? Walk, int Done) WalkAt(VirtAddr address)
    {
        if (sight.Micro is not { } micro)
        {
            return (null, 0);
        }

        for (int i = sight.Number; i >= 0; i--)
        {
            if (sight.What.Events[i] is { Kind: TraceEventKind.Walk, Detail: WalkDetail walk } && walk.Access.Address.PageNumber == address.PageNumber)
            {
                bool isOver = i < sight.Number || micro.Kind == MicroKind.Verdict;
                return (walk, isOver ? walk.Path.Count : micro.Kind == MicroKind.Entry ? micro.Part + 1 : 0);
            }
        }

        return (null, 0);
    }

    private static RungState StateOf(PagingLevel level, WalkDetail? walk, int done, in WalkStart start)
    {
        if (walk is null || walk.Path.Count == 0)
        {
            return level > start.Level ? RungState.Spared : RungState.Idle;
        }

        return level > walk.Path[0].Level ? RungState.Spared
            : walk.Path[0].Level - level < done ? RungState.Read
            : RungState.Unread;
    }

    private bool IsCursor(in WalkStep step) => (sight.Micro, sight.Event) switch
    {
        ({ Kind: MicroKind.Entry, Part: var part }, { Detail: WalkDetail walk }) => walk.Path[part].Slot == step.Slot,
        ({ Kind: MicroKind.Event }, { Kind: TraceEventKind.EntryMarked or KernelEvent.EntryChanged } changed) => Same(changed.Slot, step.Slot),
        _ => false,
    };

    /// <summary>What an entry was before the first change at this T; null when none has changed it up to here.</summary>
    private Pte? Before(PhysAddr slot)
    {
        for (int i = 0; i <= sight.Number && sight.Micro is not null; i++)
        {
            TraceEvent happened = sight.What.Events[i];
            if (happened.Kind is TraceEventKind.EntryMarked or KernelEvent.EntryChanged && Same(happened.Slot, slot))
            {
                return happened.Old;
            }
        }

        return null;
    }

    private static bool Same(PhysAddr one, PhysAddr other) => (one.Raw & ~7UL) == (other.Raw & ~7UL);
}
