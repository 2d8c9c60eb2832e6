using System.Diagnostics.CodeAnalysis;
using MmuEmu.Emulator.Cpu;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Views;

namespace MmuEmu.Debugger.Gdb;

/// <summary>Registers, read and written.</summary>
internal static class RegisterPackets
{
    private const string Named = ";thread:";

    /// <summary>g: all registers.</summary>
    public static string ReadAll(PacketContext context, string rest)
    {
        if (!TryThread(context.Session, ref rest, out TaskView? task) || context.Session.Seen.RegistersOf(task.Tid) is not { } registers)
        {
            return PacketText.NoThread;
        }

        ulong[] paging = PagingLook.Of(context.Session);
        context.Session.Told.Add(paging);
        return string.Concat(RegisterTable.All.Select(register => HexText.Of(RegisterBytes.Read(register, registers, paging))));
    }

    /// <summary>p: one register.</summary>
    public static string ReadOne(PacketContext context, string rest)
    {
        if (!TryThread(context.Session, ref rest, out TaskView? task) || context.Session.Seen.RegistersOf(task.Tid) is not { } registers)
        {
            return PacketText.NoThread;
        }

        PacketCursor cursor = new(rest);
        if (!cursor.Small(out int number) || !cursor.IsOver || number >= RegisterTable.All.Length)
        {
            return PacketText.Malformed;
        }

        GdbRegister register = RegisterTable.All[number];
        ulong[] paging = register.Source == RegisterSource.Paging ? PagingLook.Of(context.Session) : [];
        context.Session.Told.Add(paging);
        return HexText.Of(RegisterBytes.Read(register, registers, paging));
    }

    /// <summary>P: changes one register.</summary>
    public static string WriteOne(PacketContext context, string rest)
    {
        if (!TryThread(context.Session, ref rest, out TaskView? task))
        {
            return PacketText.NoThread;
        }

        PacketCursor cursor = new(rest);
        if (!cursor.Small(out int number) || !cursor.Skip('=') || number >= RegisterTable.All.Length || !HexText.TryBytes(cursor.Rest, out byte[] bytes))
        {
            return PacketText.Malformed;
        }

        GdbRegister register = RegisterTable.All[number];
        return bytes.Length != register.Bytes ? PacketText.Malformed : Write(context.Session, task, [(register, bytes)]);
    }

    /// <summary>G: changes all registers that can be changed.</summary>
    public static string WriteAll(PacketContext context, string rest)
    {
        if (!TryThread(context.Session, ref rest, out TaskView? task))
        {
            return PacketText.NoThread;
        }

        if (!HexText.TryBytes(rest, out byte[] bytes))
        {
            return PacketText.Malformed;
        }

        List<(GdbRegister Register, byte[] Bytes)> changes = [];
        int at = 0;
        foreach (GdbRegister register in RegisterTable.All.TakeWhile(register => at + register.Bytes <= bytes.Length))
        {
            changes.Add((register, bytes[at..(at + register.Bytes)]));
            at += register.Bytes;
        }

        return changes.Count == 0 ? PacketText.Malformed : Write(context.Session, task, changes);
    }

    /// <summary>Writes what differs; of registers that cannot be changed, only what they are already is taken.</summary>
    private static string Write(GdbSession session, TaskView task, IReadOnlyList<(GdbRegister Register, byte[] Bytes)> changes)
    {
        if (session.Seen.RegistersOf(task.Tid) is not { } before)
        {
            return PacketText.NoThread;
        }

        ulong[] paging = PagingLook.Of(session);
        List<(GdbRegister Register, byte[] Bytes)> wanted =
        [
            .. changes.Where(change => !RegisterBytes.Read(change.Register, before, paging).AsSpan().SequenceEqual(change.Bytes)
                && !(change.Register.Source == RegisterSource.Paging && session.Told.Has(change.Register.Index, BitConverter.ToUInt64(change.Bytes)))),
        ];
        if (wanted.Count == 0 || wanted.TrueForAll(change => change.Register.Source == RegisterSource.OrigRax))
        {
            return PacketText.Ok;
        }

        string answer = PacketText.Error((int)Errno.EPERM);
        bool stood = session.TryEdit(
            kernel =>
            {
                TaskRegisters registers = new KernelView(kernel).RegistersOf(task.Tid)!;
                UserContext user = registers.User;
                bool all = wanted.TrueForAll(change => change.Register.Source == RegisterSource.OrigRax || RegisterBytes.Write(change.Register, change.Bytes, user));
                Errno errno = all ? new KernelEdit(kernel).WriteRegisters(task.Tid, registers).Errno : Errno.EPERM;
                answer = errno == Errno.None ? PacketText.Ok : PacketText.Error((int)errno);
                return errno == Errno.None;
            },
            wanted.Count == 1 ? $"${wanted[0].Register.Name}" : "a set of registers");
        return stood ? answer : PacketText.Error((int)Errno.EPERM);
    }

    /// <summary>The thread that is meant: the one behind the packet, or the one that was picked.</summary>
    private static bool TryThread(GdbSession session, ref string rest, [NotNullWhen(true)] out TaskView? task)
    {
        int named = rest.IndexOf(Named, StringComparison.Ordinal);
        task = session.Picked;
        if (named >= 0)
        {
            PacketCursor cursor = new(rest[(named + Named.Length)..]);
            task = cursor.Thread(out ThreadWord thread) ? session.Find(thread) : null;
            rest = rest[..named];
        }

        return task is not null;
    }
}
