using MmuEmu.Emulator.Cpu;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Emulator.Values;

namespace MmuEmu.Debugger.View;

/// <summary>The address that a selection means in a look at the machine.</summary>
/// <param name="sight">The look.</param>
internal sealed class AddressChoice(Sight sight)
{
    private Vcpu Cpu => sight.Cpu;

    /// <summary>The access, and where its address comes from, in a word.</summary>
    public (Access Access, string From) Of(Selection selection) => selection.Kind switch
    {
        SelectionKind.Cr2 => (Fault(), "CR2"),
        SelectionKind.Rip => (Fetch(), "RIP"),
        SelectionKind.Rsp => (User(Cpu[Gpr.Rsp], AccessKind.Read), "RSP"),
        SelectionKind.Operand => Operand.Of(sight.Kernel) is { } access ? (access, "operand") : (Fetch(), "RIP, as it touches nothing"),
        SelectionKind.Typed => (AsInWalk(User(selection.Typed.Raw, AccessKind.Read)), "chosen"),
        SelectionKind.Step => OfStep(),
    };

    private (Access Access, string From) OfStep()
    {
        if (sight.Micro is null)
        {
            return Operand.Of(sight.Kernel) is { } access ? (access, "operand") : (Fetch(), "RIP");
        }

        TraceEvent happened = sight.Event!.Value;
        return happened.Detail is WalkDetail walk ? (walk.Access, "this step")
            : happened.Address.Raw != 0 ? (AsInWalk(User(happened.Address.Raw, AccessKind.Read)), "this step")
            : Cpu.Control.Cr2 != 0 ? (Fault(), "CR2")
            : (Fetch(), "RIP");
    }

    private Access Fetch() => User(sight.Rip.Raw, AccessKind.Fetch);

    private Access Fault() => AsInWalk(User(Cpu.Control.Cr2, AccessKind.Read));

    /// <summary>The access to the same page that this T has had, exact to the byte; the one that is asked about when there was none.</summary>
    private Access AsInWalk(Access access)
    {
        for (int i = sight.Number; i >= 0; i--)
        {
            if (sight.What.Events[i].Detail is WalkDetail walk && walk.Access.Address.PageNumber == access.Address.PageNumber)
            {
                return walk.Access;
            }
        }

        return access;
    }

    private static Access User(ulong address, AccessKind kind) => new(new VirtAddr(address), kind, AccessOrigin.User);
}
