using MmuEmu.Debugger.Recordings;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Differences;

/// <summary>Makes a number of all that happens at each T: instructions with their registers, events, and bytes that come in and go out in system calls.</summary>
/// <remarks>Flags and RIP of the processor are an earlier instruction's inside a block: RIP is told, and flags show in what follows.</remarks>
/// <param name="kernel">The run.</param>
/// <param name="tape">What comes in and goes out.</param>
internal sealed class StepDigest(MiniKernel kernel, InputTape tape) : IInstructionProbe
{
    private const ulong Prime = 0x9E37_79B9_7F4A_7C15;
    private const int Registers = 16;
    private readonly List<(ulong Time, ulong Digest)> _steps = [];
    private int _heard;

    /// <summary>The numbers so far, by T.</summary>
    public IReadOnlyList<(ulong Time, ulong Digest)> Steps => _steps;

    /// <summary>Forgets all but the last, to which more may come.</summary>
    public void KeepLast() => _steps.RemoveRange(0, Math.Max(0, _steps.Count - 1));

    /// <summary>A piece of the run begins.</summary>
    public void Begin() => _heard = tape.Position;

    /// <inheritdoc/>
    public void Before(ulong time, ulong rip, ulong rsp)
    {
        Vcpu vcpu = kernel.Core.Vcpu;
        ulong digest = rip;
        for (int i = 0; i < Registers; i++)
        {
            digest = Mix(digest, vcpu[i]);
        }

        Add(time, digest);
    }

    /// <inheritdoc/>
    public bool Seeks(ulong rip) => true;

    /// <inheritdoc/>
    public void Passed(ulong time, ulong rip) => Add(time, rip);

    /// <summary>Takes one event.</summary>
    public void Take(in TraceEvent happened)
    {
        ulong digest = Mix((ulong)happened.Kind, ((ulong)happened.Stamp.Tid << 32) | (uint)happened.Space);
        digest = Mix(digest, happened.Address.Raw);
        digest = Mix(digest, happened.Slot.Raw);
        digest = Mix(digest, happened.Old.Raw);
        digest = Mix(digest, happened.New.Raw);
        digest = Mix(digest, happened.Frame.Raw);
        digest = Mix(digest, happened.Count);
        digest = Mix(digest, happened.Number);
        digest = Mix(digest, happened.Argument);
        digest = Mix(digest, Of(happened.Detail));
        Add(happened.Stamp.Time, happened.Kind == KernelEvent.SyscallReturn ? Mix(digest, OfTape()) : digest);
    }

    /// <summary>Of what the tape has answered since the call before.</summary>
    private ulong OfTape()
    {
        ulong digest = 0;
        int last = tape.Notes.IndexOf(tape.Position);
        for (int i = tape.Notes.IndexOf(_heard); i < last; i++)
        {
            TapeNote note = tape.Notes[i];
            byte[] bytes = new byte[note.DataLength];
            tape.Notes.CopyData(note, bytes);
            digest = Mix(Mix(digest, note.Ask.Digest), Mix(Fnv.Of(bytes), (ulong)note.Count));
        }

        _heard = tape.Position;
        return digest;
    }

    private static ulong Of(TraceDetail? detail) => detail switch
    {
        SyscallDetail call => Mix(Mix(Of(call.Name), Of(call.Arguments)), (ulong)call.Result.Rax),
        SignalDetail signal => Mix(Mix((ulong)signal.Info.Signal, (ulong)signal.Info.Code), Mix(signal.Info.Address.Raw, signal.Rip.Raw)),
        FaultDetail fault => Mix(Mix(fault.Rip.Raw, fault.Fault.Cr2.Raw), Mix((ulong)fault.Fault.Code, fault.After.Raw)),
        MarkDetail mark => Of(mark.Name),
        TaskDetail task => Mix(Of(task.Text), (ulong)task.Status),
        _ => 0,
    };

    private static ulong Of(string text)
    {
        ulong digest = (ulong)text.Length;
        foreach (char letter in text)
        {
            digest = Mix(digest, letter);
        }

        return digest;
    }

    private static ulong Mix(ulong digest, ulong value)
    {
        ulong mixed = unchecked((digest ^ value) * Prime);
        return mixed ^ (mixed >> 29);
    }

    private void Add(ulong time, ulong digest)
    {
        if (_steps.Count > 0 && _steps[^1].Time == time)
        {
            _steps[^1] = (time, Mix(_steps[^1].Digest, digest));
            return;
        }

        _steps.Add((time, digest));
    }
}
