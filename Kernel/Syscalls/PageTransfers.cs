using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Delivery;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.PageCopy;

namespace MmuEmu.Kernel.Syscalls;

/// <summary>read, write and sendfile of files whose pages the kernel reaches through windows: page after page, each a copy that may sleep.</summary>
/// <remarks>Source: [Linux 2.5 mm/filemap.c, generic_file_write, generic_file_read, file_send_actor].</remarks>
internal static class PageTransfers
{
    /// <summary>True when a write to <paramref name="file"/> goes page by page.</summary>
    public static bool TakesWrite(in SyscallCall call, OpenFile file) => call.System.Copies is not null && file.Content is IPagedContent;

    /// <summary>True when a read of <paramref name="file"/> goes page by page.</summary>
    public static bool TakesRead(in SyscallCall call, OpenFile file) => call.System.Copies is not null && file.Content is { Seekable: true, Backing: not null };

    /// <summary>Writes one buffer; null when all of it is written.</summary>
    public static SyscallOutcome? Write(in SyscallCall call, OpenFile file, UserBuffer buffer, ref ulong done)
    {
        if (call.Copy is null && (file.Flags & OpenFlags.Append) != 0)
        {
            file.Position = file.Content!.SizeBytes;
        }

        Piece piece = new(CopyDirection.Write, file, null, call.Copy?.Offset ?? file.Position, buffer);
        if (Check(file, buffer) is { } refused)
        {
            return done > 0 ? SyscallOutcome.Of(done) : refused;
        }

        SyscallOutcome? outcome = Move(call, piece, ref done, out ulong moved);
        file.Position = piece.Offset + moved;
        return outcome;
    }

    /// <summary>Reads into one buffer from <paramref name="offset"/> on; the first <paramref name="done"/> bytes are there already.</summary>
    public static SyscallOutcome Read(in SyscallCall call, OpenFile file, UserBuffer buffer, ulong offset, ulong done, out ulong end)
    {
        end = offset + done;
        ulong size = file.Content!.SizeBytes;
        if (!file.CanRead)
        {
            return Errno.EBADF;
        }

        ulong left = end >= size ? 0 : Math.Min(buffer.Length - done, size - end);
        SyscallOutcome? outcome = Move(call, new Piece(CopyDirection.Read, file, null, end, new UserBuffer(buffer.Address + done, left)), ref done, out _);
        end = offset + done;
        return outcome ?? SyscallOutcome.Of(done);
    }

    /// <summary>Sends a file's bytes to another one.</summary>
    public static SyscallOutcome Send(in SyscallCall call, OpenFile file, OpenFile sink, ulong offset, ulong count, out ulong done)
    {
        done = call.Done;
        ulong size = file.Content!.SizeBytes;
        ulong at = offset + done;
        ulong left = at >= size ? 0 : Math.Min(count - done, size - at);
        return Move(call, new Piece(CopyDirection.Send, file, sink, at, new UserBuffer(0, left)), ref done, out _) ?? SyscallOutcome.Of(done);
    }

    private static SyscallOutcome? Check(OpenFile file, UserBuffer buffer) =>
        file.Position >= MemContent.MaxBytes || buffer.Length > MemContent.MaxBytes - file.Position ? Errno.EFBIG : null;

    /// <summary>Copies page after page; null when all is moved.</summary>
    private static SyscallOutcome? Move(in SyscallCall call, in Piece piece, ref ulong done, out ulong moved)
    {
        CopyState? state = call.Copy;
        CopyState? before = null;
        moved = 0;
        while (state is not null || moved < piece.Buffer.Length)
        {
            CopyRun run = RunOf(call, state ?? NextOf(piece, moved, before));
            StageEnd end = CopyEngine.Advance(run);
            state = run.State;
            if (end == StageEnd.Sleeps)
            {
                return SyscallOutcome.Until(run.Wait!, done) with { Copy = state };
            }

            moved += (ulong)state.Moved;
            done += (ulong)state.Moved;
            if (end != StageEnd.Done || IsOver(run))
            {
                CopyHolds.Abandon(run.Bed, run.Space, run.Tid, state);
                return End(call, run, end, done);
            }

            (before, state) = (state, null);
            if (before.Moved == 0)
            {
                return VainPass.Pause(call, NextOf(piece, moved, before), done);
            }
        }

        if (before is { HoldsSem: true })
        {
            call.System.Copies!.Locks.SemOf(call.Space.Tag.Id).Leave(call.Thread.Tid, isWrite: false);
        }

        return null;
    }

    /// <summary>True when the call ends with this page, though not all is moved.</summary>
    private static bool IsOver(CopyRun run) =>
        run.State.IsBad
        || (run.State.Moved < run.State.Wanted && run.Bed.Recipe.OnFault != CopyFault.Retried)
        || (run.State.Direction == CopyDirection.Send && run.State.Moved < run.State.Wanted);

    private static SyscallOutcome End(in SyscallCall call, CopyRun run, StageEnd end, ulong done)
    {
        if (end == StageEnd.Oops)
        {
            SignalSend.ToProcess(call.Process, new SigInfo(Signal.SIGKILL, SigCode.Kernel, default));
            return Errno.EFAULT;
        }

        if (done > 0)
        {
            return SyscallOutcome.Of(done);
        }

        return end == StageEnd.Failed ? TransferSyscalls.Broken(call, run.Refusal) : Errno.EFAULT;
    }

    /// <summary>The piece behind <paramref name="moved"/> bytes: at most to the end of the file's page.</summary>
    /// <remarks>After a pass that moved nothing it is the same copy once more, at most to the end of the user's page.</remarks>
    private static CopyState NextOf(in Piece piece, ulong moved, CopyState? before)
    {
        ulong offset = piece.Offset + moved;
        CopyState next = new()
        {
            Direction = piece.Direction,
            File = piece.File,
            Sink = piece.Sink,
            User = new VirtAddr(piece.Buffer.Address + moved),
            Offset = offset,
            Wanted = (int)Math.Min(piece.Buffer.Length - moved, 4096 - (offset & 0xFFF)),
            HoldsSem = before is { HoldsSem: true },
        };
        return before is not { Moved: 0 } ? next : next with
        {
            Number = before.Number,
            Passes = before.Passes,
            Vain = before.Vain,
            Wanted = Math.Min(next.Wanted, 4096 - next.User.PageOffset),
        };
    }

    private static CopyRun RunOf(in SyscallCall call, CopyState state) => new()
    {
        Bed = call.System.Copies!,
        Tid = call.Thread.Tid,
        Cpu = call.System.Processors.Here.Number,
        Mmu = call.System.Core.Mmu,
        Guest = call.Guest,
        NowNs = call.System.Clock.NowNs,
        State = state,
    };

    /// <summary>What one call moves.</summary>
    private readonly record struct Piece(CopyDirection Direction, OpenFile File, OpenFile? Sink, ulong Offset, UserBuffer Buffer);
}
