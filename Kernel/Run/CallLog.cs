using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.State;

namespace MmuEmu.Kernel.Run;

/// <summary>A system call that changed what a range means.</summary>
/// <param name="Time">T when it was made.</param>
/// <param name="Space">The address space.</param>
/// <param name="Number">The call's number.</param>
/// <param name="Start">First argument: where the range starts.</param>
/// <param name="Length">Second argument: its length in bytes.</param>
/// <param name="How">Third argument.</param>
internal readonly record struct NotedCall(ulong Time, int Space, ulong Number, ulong Start, ulong Length, ulong How)
{
    /// <summary>True when it named the address.</summary>
    public bool Covers(int space, VirtAddr address) => space == Space && VirtRange.Of(new VirtAddr(Start), Length).Contains(address);
}

/// <summary>The last system calls that changed ranges, and which of them a fault was about.</summary>
/// <remarks>A question costs nothing until somebody wants its answer, which is of the moment it was asked: every SIGSEGV asks, hardly anybody listens.</remarks>
internal sealed class CallLog(SpaceLineage lineage) : IStateful
{
    /// <summary>Calls that a question looks at, the newest.</summary>
    internal const int Kept = 512;

    /// <summary>Calls that an answer tells, the newest.</summary>
    internal const int Told = 3;

    // Twice as many as a question looks at: its own are still there until as many have come after it.
    private readonly NotedCall[] _calls = new NotedCall[2 * Kept];
    private long _count;
    private (int Space, VirtAddr Address, long Count) _asked;
    private List<NotedCall>? _answer = [];

    /// <summary>Calls noted so far.</summary>
    public long Noted => _count;

    /// <summary>Notes a call.</summary>
    public void Note(in NotedCall call)
    {
        if (_answer is null && _count - _asked.Count == Kept)
        {
            _answer = Search(_asked);
        }

        _calls[_count++ % _calls.Length] = call;
    }

    /// <summary>Asks which calls so far covered an address.</summary>
    public void Ask(int space, VirtAddr address) => (_asked, _answer) = ((space, address, _count), null);

    /// <summary>The answer to the last question, earliest first.</summary>
    public List<NotedCall> Answer() => _answer ??= Search(_asked);

    /// <summary>The answer to a question of this moment, which leaves the last one as it is; earliest first.</summary>
    public List<NotedCall> AnswerNow(int space, VirtAddr address) => Search((space, address, _count));

    /// <summary>What a space's parent did before the fork is its own past.</summary>
    private List<NotedCall> Search((int Space, VirtAddr Address, long Count) asked)
    {
        List<NotedCall> found = [];
        long oldest = Math.Max(0, asked.Count - Kept);
        int space = asked.Space;
        for (long i = asked.Count - 1; i >= oldest && found.Count < Told; i--)
        {
            while (lineage.BirthOf(space) is { } birth && i < birth.Calls)
            {
                space = birth.Parent;
            }

            ref readonly NotedCall call = ref _calls[i % _calls.Length];
            if (call.Covers(space, asked.Address))
            {
                found.Insert(0, call);
            }
        }

        return found;
    }

    object IStateful.Save(object? last) =>
        new Saved(last is Saved same && same.Count == _count ? same.Calls : [.. _calls], _count, _asked, _answer);

    void IStateful.Restore(object state)
    {
        Saved saved = (Saved)state;
        saved.Calls.CopyTo(_calls, 0);
        (_count, _asked, _answer) = (saved.Count, saved.Asked, saved.Answer);
    }

    private sealed record Saved(NotedCall[] Calls, long Count, (int Space, VirtAddr Address, long Count) Asked, List<NotedCall>? Answer);
}
