using Iced.Intel;

namespace MmuEmu.Tests.Fuzz;

/// <summary>Makes a differing case as plain as it can be while it still differs.</summary>
public sealed class CaseShrinker(IReadOnlyList<FuzzWindow> windows, Func<FuzzBatch, (byte[] Host, byte[] Ours)> run)
{
    private const int MostRounds = 24;
    private const ulong PlainFlags = 0x202;
    private static readonly byte[] Plain = FuzzImages.Plain();

    /// <summary>The plainest case found, and what differs in it; nothing differs when the case does not reproduce alone.</summary>
    public (FuzzCase Case, IReadOnlyList<FieldDifference> Fields) Shrink(FuzzCase from)
    {
        FuzzCase current = Moved(from, from.Slot.Instructions, 0);
        IReadOnlyList<FieldDifference> fields = Differences([current])[0];
        for (int round = 0; round < MostRounds && fields.Count > 0; round++)
        {
            List<FuzzCase> single = [.. Simpler(current)];
            if (single.Count == 0)
            {
                break;
            }

            List<IReadOnlyList<FieldDifference>> results = Differences(single);
            int first = results.FindIndex(found => found.Count > 0);
            if (first < 0)
            {
                break;
            }

            (current, fields) = (single[first], results[first]);
        }

        return (current, fields);
    }

    private List<IReadOnlyList<FieldDifference>> Differences(IReadOnlyList<FuzzCase> cases)
    {
        FuzzBatch batch = new(cases, windows);
        (byte[] host, byte[] ours) = run(batch);
        List<IReadOnlyList<FieldDifference>> found = [];
        for (int i = 0; i < cases.Count; i++)
        {
            int at = i * batch.ResultBytes;
            bool complete = host.Length >= at + batch.ResultBytes && ours.Length >= at + batch.ResultBytes;
            found.Add(complete
                ? ResultComparer.Differences(cases[i], host.AsSpan(at, batch.ResultBytes), ours.AsSpan(at, batch.ResultBytes), windows)
                : []);
        }

        return found;
    }

    /// <summary>Simpler cases, the boldest first.</summary>
    private IEnumerable<FuzzCase> Simpler(FuzzCase from)
    {
        foreach (Func<FuzzCase, FuzzCase?> step in Steps(from))
        {
            if (step(from) is FuzzCase simpler)
            {
                yield return simpler;
            }
        }
    }

    private IEnumerable<Func<FuzzCase, FuzzCase?>> Steps(FuzzCase from)
    {
        for (int i = from.Slot.Instructions.Length - 2; i >= 0; i--)
        {
            int dropped = i;
            yield return old => Moved(old, [.. old.Slot.Instructions.Where((_, k) => k != dropped)], NumberOf(old) + dropped + 1);
        }

        yield return old => old.Image.AsSpan().SequenceEqual(Plain) ? null : Changed(old, image: Plain);
        yield return old => PlainPart(old, 0, FuzzResult.Mxcsr, FuzzResult.St, FuzzResult.Xmm);
        yield return old => PlainPart(old, FuzzResult.Xmm, FuzzLayout.ImageBytes, 0, 0);
        yield return old => PlainPart(old, FuzzResult.Upper, FuzzLayout.ImageBytes, 0, 0);
        yield return old => PlainPart(old, FuzzResult.Mxcsr, FuzzResult.Mxcsr + 4, 0, 0);
        yield return old => old.Memory.AsSpan().IndexOfAnyExcept((byte)0) < 0 ? null : Changed(old, memory: new byte[old.Memory.Length]);
        yield return old => old.Flags == PlainFlags ? null : Changed(old, flags: PlainFlags);
        yield return old => old.Patch1.At == FuzzCase.Nowhere ? null : Changed(old, patched: false);
        yield return old => old.Registers.All(value => value == 0) ? null : Changed(old, registers: new ulong[16]);
        for (int i = 0; i < 16; i++)
        {
            int register = i;
            yield return old => old.Registers[register] == 0 ? null : Changed(old, registers: [.. old.Registers.Select((value, k) => k == register ? 0 : value)]);
        }

        for (int i = FuzzResult.St; i < FuzzResult.LegacyEnd; i += 16)
        {
            int at = i;
            yield return old => PlainPart(old, at, at + 16, 0, 0);
        }

        for (int i = FuzzResult.Upper; i < FuzzLayout.ImageBytes; i += 16)
        {
            int at = i;
            yield return old => PlainPart(old, at, at + 16, 0, 0);
        }
    }

    private static int NumberOf(FuzzCase made) => (int)(made.Slot.Instructions[0].IP - FuzzLayout.Slots) / FuzzLayout.SlotBytes;

    private static FuzzCase? PlainPart(FuzzCase from, int start, int end, int start2, int end2)
    {
        byte[] image = [.. from.Image];
        Plain.AsSpan(start..end).CopyTo(image.AsSpan(start));
        Plain.AsSpan(start2..end2).CopyTo(image.AsSpan(start2));
        return image.AsSpan().SequenceEqual(from.Image) ? null : Changed(from, image: image);
    }

    private static FuzzCase Changed(
        FuzzCase from, byte[]? image = null, byte[]? memory = null, ulong? flags = null, ulong[]? registers = null, bool patched = true) => new()
        {
            Slot = from.Slot,
            Image = image ?? from.Image,
            Memory = memory ?? from.Memory,
            Flags = flags ?? from.Flags,
            Registers = registers ?? from.Registers,
            Patch1 = patched ? from.Patch1 : (FuzzCase.Nowhere, 0),
            Patch2 = patched ? from.Patch2 : (FuzzCase.Nowhere, 0),
        };

    /// <summary>The same case with other instructions, in slot <paramref name="number"/>.</summary>
    private static FuzzCase Moved(FuzzCase from, Instruction[] instructions, int number)
    {
        if (from.Slot.Instructions.Length == 1)
        {
            // It stays where it is; a spoilt encoding could not be made again anyway.
            return from;
        }

        ulong at = FuzzLayout.Slots + (ulong)(number * FuzzLayout.SlotBytes);
        ulong landing = from.Slot.Instructions[0].IP + FuzzLayout.Landing;
        ulong Follow(ulong value) => value == landing ? at + FuzzLayout.Landing : value;
        List<byte> bytes = [];
        Instruction[] moved = [.. instructions];
        for (int i = 0; i < moved.Length; i++)
        {
            using MemoryStream stream = new();
            ulong rip = at + (ulong)bytes.Count;
            if (moved[i].Op0Kind == OpKind.NearBranch64)
            {
                moved[i].NearBranch64 = at + FuzzLayout.Landing;
            }

            uint length = Encoder.Create(64, new StreamCodeWriter(stream)).Encode(moved[i], rip);
            moved[i].IP = rip;
            moved[i].Length = (int)length;
            bytes.AddRange(stream.ToArray());
        }

        return new FuzzCase
        {
            Slot = new FuzzSlot(from.Slot.Code, moved, [.. bytes]),
            Image = from.Image,
            Memory = from.Memory,
            Flags = from.Flags,
            Registers = [.. from.Registers.Select(Follow)],
            Patch1 = (from.Patch1.At, Follow(from.Patch1.Value)),
            Patch2 = from.Patch2,
        };
    }
}
