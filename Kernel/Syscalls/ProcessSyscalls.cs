using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Signals;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Waiting;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>execve and wait.</summary>
/// <remarks>Source: [Linux kernel/exit.c, fs/exec.c].</remarks>
internal static class ProcessSyscalls
{
    private const ulong NoHang = 1;
    private const ulong NoWait = 0x0100_0000;
    private const ulong WaitFlags = 0xE000_0000;
    private const int MaxArgumentBytes = 131_072;
    private const int MaxArguments = 65_536;
    private const ChildChanges AnyChange = ChildChanges.Exited | ChildChanges.Stopped | ChildChanges.Continued;

    /// <summary><c>execve</c>.</summary>
    /// <returns>Only on failure: ENOENT, EACCES, ENOEXEC, ELIBBAD, EINVAL, EPERM, E2BIG, ENOMEM, EFAULT, ELOOP, ENAMETOOLONG.</returns>
    public static SyscallOutcome Execve(in SyscallCall call)
    {
        if (!call.PathAt(call.A0).Ok(out string? path, out Errno errno))
        {
            return errno;
        }

        if (!ReadStrings(call, call.A1).Ok(out List<string>? arguments, out errno) || !ReadStrings(call, call.A2).Ok(out List<string>? environment, out errno))
        {
            return errno;
        }

        if (!call.System.Files.Find(call.Process.WorkingDirectory, path, LastLink.Follow).Ok(out Place? place, out errno))
        {
            return errno;
        }

        if (place.Inode.Kind != InodeKind.Regular || (place.Inode.Mode & 0x49) == 0)
        {
            return Errno.EACCES;
        }

        if (arguments.Count == 0)
        {
            arguments.Add("");
        }

        bool isSame = place.Inode == call.Process.Program.File;
        ProgramInfo program = new(isSame ? call.Process.Program.Path : path, place.Inode, arguments, environment)
        {
            Location = isSame ? call.Process.Program.Location : place.Path,
        };
        ExecFailure failure = Execution.Run(call.System, call.Thread, program);
        if (failure.Errno == Errno.None)
        {
            return SyscallOutcome.KeepsRegisters;
        }

        call.System.Notices(new Notice(NoticeKind.ExecRefused)
        {
            Path = path,
            Errno = failure.Errno,
            Elf = failure.Refusal.Problem,
            Found = failure.Refusal.Found ?? [],
            Interpreter = failure.Refusal.Interpreter,
        });
        return failure.Errno;
    }

    /// <summary><c>wait4</c>.</summary>
    /// <returns>The child's id, 0 with WNOHANG when none is ready; ECHILD; EINVAL; EINTR; EFAULT.</returns>
    public static SyscallOutcome Wait4(in SyscallCall call)
    {
        if ((call.A2 & ~(NoHang | (ulong)(ChildChanges.Stopped | ChildChanges.Continued) | WaitFlags)) != 0)
        {
            return new Refusal(Errno.EINVAL, ErrnoCause.FlagsUnknown);
        }

        int wanted = (int)call.A0;
        ulong options = call.A2 | (ulong)ChildChanges.Exited;
        if (ChildNews.Find(call.Process, wanted, ChangesOf(options), out bool any) is not { } child)
        {
            return any ? Block(call, wanted, options) : Errno.ECHILD;
        }

        Usage usage = child.Used + child.OfChildren;
        (int pid, WaitStatus status) = (child.Pid, child.Status);
        child.StatusIsNews = false;
        if (child.State == ProcessState.Zombie)
        {
            ProcessEnd.Reap(call.System, child);
        }

        if (call.A1 != 0 && !call.Guest.TryWriteUInt32(call.A1, (uint)status.Raw))
        {
            return Errno.EFAULT;
        }

        return call.A3 != 0 && !UsageSyscalls.TryWrite(call, call.A3, usage) ? Errno.EFAULT : SyscallOutcome.Of((ulong)pid);
    }

    /// <summary><c>waitid</c>.</summary>
    /// <returns>0; ECHILD; EINVAL for unknown kinds or no event asked for; EINTR; EFAULT.</returns>
    public static SyscallOutcome WaitId(in SyscallCall call)
    {
        int? wanted = call.A0 switch
        {
            0 => -1,
            1 => (int)call.A1,
            2 => call.A1 == 0 ? 0 : -(int)call.A1,
            _ => null,
        };
        ulong options = call.A3;
        if (wanted is null || ChangesOf(options) == ChildChanges.None)
        {
            return new Refusal(Errno.EINVAL, ChangesOf(options) == ChildChanges.None ? ErrnoCause.NoChangeWanted : ErrnoCause.IdKindUnknown);
        }

        if (ChildNews.Find(call.Process, wanted.Value, ChangesOf(options), out bool any) is not { } child)
        {
            return any ? Block(call, wanted.Value, options) : Errno.ECHILD;
        }

        SigInfo info = InfoOf(child);
        if ((options & NoWait) == 0)
        {
            child.StatusIsNews = false;
            if (child.State == ProcessState.Zombie)
            {
                ProcessEnd.Reap(call.System, child);
            }
        }

        byte[] bytes = new byte[SigInfoLayout.Bytes];
        SigInfoLayout.Write(info, bytes);
        bool told = call.A4 == 0 || UsageSyscalls.TryWrite(call, call.A4, child.Used + child.OfChildren);
        return told && (call.A2 == 0 || call.Guest.TryWrite(call.A2, bytes)) ? Errno.None : Errno.EFAULT;
    }

    private static ChildChanges ChangesOf(ulong options) => (ChildChanges)options & AnyChange;

    private static SyscallOutcome Block(in SyscallCall call, int wanted, ulong options)
    {
        if ((options & NoHang) != 0)
        {
            return Errno.None;
        }

        return SyscallOutcome.Until(new WaitFor(new ChildWait(wanted, ChangesOf(options)), VirtualClock.Never, Interruption.RestartsIfAsked));
    }

    private static SigInfo InfoOf(Process child)
    {
        (int code, long value) = (child.State, child.Status.Signal) switch
        {
            (ProcessState.Zombie, Signal.None) => (SigCode.CldExited, child.Status.ExitCode),
            (ProcessState.Zombie, _) => (SigCode.CldKilled, (long)child.Status.Signal),
            (ProcessState.Stopped, _) => (5, child.Status.ExitCode),
            _ => (6, (long)Signal.SIGCONT),
        };
        return new SigInfo(Signal.SIGCHLD, code, default) { Pid = child.Pid, Value = value };
    }

    private static Result<List<string>> ReadStrings(in SyscallCall call, ulong vector)
    {
        List<string> strings = [];
        ulong total = 0;
        int width = call.PointerBytes;
        for (ulong at = vector; vector != 0 && strings.Count < MaxArguments; at += (ulong)width)
        {
            if (!call.TryReadPointer(at, out ulong pointer))
            {
                return Errno.EFAULT;
            }

            if (pointer == 0)
            {
                return strings;
            }

            if (!call.Guest.ReadString(pointer, MaxArgumentBytes).Ok(out string? text, out Errno errno))
            {
                return errno == Errno.ENAMETOOLONG ? Errno.E2BIG : errno;
            }

            total += (ulong)text.Length;
            if (total > InitialStack.MaxBytes)
            {
                return Errno.E2BIG;
            }

            strings.Add(text);
        }

        return vector == 0 ? strings : Errno.E2BIG;
    }
}
