using System.Globalization;
using System.Text.Json;
using MmuEmu.Emulator.Paging;
using MmuEmu.Emulator.Tracing;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Faults;
using MmuEmu.Kernel.Story;

namespace MmuEmu.Debugger.Rendering;

/// <summary>One event as one JSON object.</summary>
internal static class JsonEvents
{
    /// <summary>Writes the event.</summary>
    public static void Write(Utf8JsonWriter json, in TraceEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("type", TypeOf(happened));
        Stamp(json, happened.Stamp);
        switch (happened.Detail)
        {
            case FaultDetail fault:
                Fault(json, fault);
                break;
            case SyscallDetail call:
                Syscall(json, call, happened.Kind == KernelEvent.SyscallReturn);
                break;
            case SignalDetail signal:
                Signal(json, signal);
                break;
            case MarkDetail mark:
                json.WriteString("name", mark.Name);
                break;
            case RuleDetail rule:
                json.WriteNumber("number", happened.Number);
                json.WriteString("rule", rule.Text);
                break;
            case TaskDetail task:
                json.WriteString("what", TaskText.Of(task));
                break;
            default:
                Memory(json, happened);
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>A number as a hexadecimal string.</summary>
    public static void Hex(Utf8JsonWriter json, string name, ulong value) =>
        json.WriteString(name, "0x" + value.ToString("x", CultureInfo.InvariantCulture));

    /// <summary>What the processor said of a fault, and what the kernel made of it.</summary>
    public static void Fault(Utf8JsonWriter json, FaultDetail fault)
    {
        Hex(json, "rip", fault.Rip.Raw);
        Hex(json, "address", fault.Fault.Cr2.Raw);
        json.WriteNumber("code", (uint)fault.Fault.Code);
        json.WriteString("kind", FaultText.KindName(fault.Kind));
        Path(json, "walk", fault.Path);
        Path(json, "servedByCache", fault.Above);
        Hex(json, "after", fault.After.Raw);
        json.WriteString("mapping", fault.Mapping);
        if (fault.Signal.Signal != Kernel.Abi.Signal.None)
        {
            json.WriteString("signal", fault.Signal.Signal.ToString());
        }
    }

    /// <summary>A signal, and what became of it.</summary>
    public static void Signal(Utf8JsonWriter json, SignalDetail signal)
    {
        json.WriteString("signal", signal.Info.Signal.ToString());
        json.WriteString("code", SignalText.CodeName(signal.Info));
        Hex(json, "address", signal.Info.Address.Raw);
        Hex(json, "rip", signal.Rip.Raw);
        json.WriteString("fate", signal.Fate.ToString());
    }

    /// <summary>When and where.</summary>
    public static void Stamp(Utf8JsonWriter json, in TraceStamp stamp)
    {
        json.WriteNumber("t", stamp.Time);
        if (stamp.Cycles.Count != 0)
        {
            json.WriteNumber("cycles", stamp.Cycles.Count);
        }

        json.WriteNumber("pid", stamp.Pid);
        json.WriteNumber("tid", stamp.Tid);
        json.WriteNumber("cpu", stamp.Cpu);
    }

    private static string TypeOf(in TraceEvent happened) => happened.Kind switch
    {
        < TraceEventKind.FirstOfSoftware => "mmu",
        KernelEvent.FaultHandled or KernelEvent.FaultSignalled => "fault",
        KernelEvent.SyscallEntry => "syscall",
        KernelEvent.SyscallReturn => "return",
        KernelEvent.Signal => "signal",
        KernelEvent.Mark => "mark",
        KernelEvent.Task => "task",
        KernelEvent.RuleFired => "rule",
        _ => "memory",
    };

    private static void Syscall(Utf8JsonWriter json, SyscallDetail call, bool returns)
    {
        json.WriteString("name", call.Name);
        json.WriteString("arguments", call.Arguments);
        if (call.Compat)
        {
            json.WriteBoolean("int80", true);
        }

        if (returns)
        {
            json.WriteNumber("result", call.Result.Rax);
            if (!call.Result.IsOk)
            {
                json.WriteString("errno", call.Result.Errno.ToString());
            }

            if (call.Result.Cause != ErrnoCause.None)
            {
                json.WriteString("cause", call.Result.Cause.ToString());
            }

            if (call.BadAccess is { } bad)
            {
                Hex(json, "badAddress", bad.Address.Raw);
                json.WriteString("badKind", FaultText.KindName(bad.Kind));
            }
        }
    }

    private static void Memory(Utf8JsonWriter json, in TraceEvent happened)
    {
        if (happened.Kind >= TraceEventKind.FirstOfSoftware)
        {
            json.WriteString("what", MemoryText.KindName(happened.Kind));
            json.WriteString("text", MemoryText.Of(happened));
            MemoryFields(json, happened);
            if (happened.Detail is CauseDetail { Cause: var cause })
            {
                json.WriteString("cause", cause.Kind.ToString());
                json.WriteNumber("causeNumber", cause.Number);
            }

            return;
        }

        json.WriteString("what", MmuText.KindName(happened.Kind));
        switch (happened.Detail)
        {
            case WalkDetail walk:
                json.WriteString("access", walk.Access.Kind.ToString());
                Hex(json, "address", walk.Access.Address.Raw);
                Path(json, "walk", walk.Path);
                Path(json, "servedByCache", walk.Above);
                break;
            case AccessDetail access:
                json.WriteString("access", access.Access.Kind.ToString());
                Hex(json, "address", access.Access.Address.Raw);
                Hex(json, "physical", access.Where.Raw);
                json.WriteNumber("bytes", happened.Count);
                break;
            case InvalidationDetail left:
                json.WriteString("scope", left.What.Scope.ToString());
                Hex(json, "address", left.What.Address.Raw);
                json.WriteNumber("pcid", left.What.Pcid);
                break;
            default:
                json.WriteString("level", MmuText.LevelOf(happened).EntryName());
                Change(json, happened);
                break;
        }
    }

    /// <summary>An entry before and after, with the bits that were set and cleared.</summary>
    private static void Change(Utf8JsonWriter json, in TraceEvent happened)
    {
        Hex(json, "address", happened.Address.Raw);
        Hex(json, "slot", happened.Slot.Raw);
        Hex(json, "old", happened.Old.Raw);
        Hex(json, "new", happened.New.Raw);
        json.WriteString("changes", EntryText.Changes(happened.Old, happened.New));
    }

    private static void MemoryFields(Utf8JsonWriter json, in TraceEvent happened)
    {
        switch (happened.Kind)
        {
            case KernelEvent.EntryChanged:
                Change(json, happened);
                break;
            case >= KernelEvent.KeptDirty and <= KernelEvent.KeptHomeless:
                json.WriteString("reason", KeptText.Reason(happened.Kind));
                json.WriteString("state", KeptText.State(happened));
                Hex(json, "frame", happened.Frame.Raw);
                Hex(json, "address", happened.Address.Raw);
                Hex(json, "entry", happened.Old.Raw);
                json.WriteNumber("accessed", happened.Count);
                break;
            case KernelEvent.LazyMarked or KernelEvent.LazyFreed:
                Hex(json, "frame", happened.Frame.Raw);
                Hex(json, "address", happened.Address.Raw);
                break;
        }
    }

    private static void Path(Utf8JsonWriter json, string name, WalkPath path)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < path.Count; i++)
        {
            json.WriteStartObject();
            json.WriteString("level", path[i].Level.EntryName());
            Hex(json, "slot", path[i].Slot.Raw);
            Hex(json, "entry", path[i].Entry.Raw);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
