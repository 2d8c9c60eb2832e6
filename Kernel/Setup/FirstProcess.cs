using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Exec;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Life;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Story;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Setup;

/// <summary>Makes the process that the machine boots into.</summary>
internal static class FirstProcess
{
    private const uint ProgramMode = 0x1ED;

    /// <summary>Loads the program and opens the standard streams; null on success.</summary>
    public static BootFailure? Start(TaskSystem system, KernelOptions options)
    {
        string guestPath = options.ProgramPath ?? options.Disk.FullPath(options.Program);
        FoundProgram? found = FileOf(system, options, guestPath);
        if (found is not { Inode: { Kind: InodeKind.Regular } file })
        {
            bool isFolder = found is { Inode.Kind: var kind } && (options.HasOwnRoot || kind == InodeKind.Directory);
            return new BootFailure(BootFailureKind.ProgramNotFound, options.ProgramPath ?? options.Program, isFolder ? Errno.EISDIR : Errno.ENOENT);
        }

        RootFolders.Make(system, options);
        if (options.ProgramPath is not null)
        {
            Install(system, file, guestPath);
        }

        IReadOnlyList<string> arguments = options.Arguments.Count == 0 ? [options.ProgramPath ?? options.Program] : options.Arguments;
        ProgramInfo program = new(guestPath, file, arguments, options.Environment) { Location = found.Value.Location };
        int pid = system.Processes.NextPid();
        Process process = new(pid, null) { WorkingDirectory = StartOf(system, options.WorkingDirectory), Program = program };
        UserThread thread = new(pid, process);
        process.Threads.Add(thread);
        system.Memory.Account = thread.Faults;
        ExecFailure failure = Execution.Run(system, thread, program);
        if (failure.Errno != Errno.None)
        {
            return Explain(options, failure);
        }

        process.Files.Put(0, RootFolders.Stream(system, options.Input, OpenFlags.ReadWrite, "/dev/stdin"), OnExec.Keep);
        process.Files.Put(1, RootFolders.Stream(system, options.Output, OpenFlags.ReadWrite, "/dev/stdout"), OnExec.Keep);
        process.Files.Put(2, RootFolders.Stream(system, options.Error, OpenFlags.ReadWrite, "/dev/stderr"), OnExec.Keep);
        system.Processes.Add(process);
        system.ProcessesBegun++;
        return null;
    }

    /// <summary>The folder where the guest starts: the root where there is none of that path, one without a name for null.</summary>
    private static Place StartOf(TaskSystem system, string? path)
    {
        Place root = system.Files.Root;
        if (path is null)
        {
            Inode removed = system.Files.NewFolder(ProgramMode);
            removed.Links = 0;
            return new Place(removed, "", root);
        }

        return system.Files.Find(root, path, LastLink.Follow).Ok(out Place? folder, out _) && folder.Inode.Folder is not null ? folder : root;
    }

    /// <summary>Puts the file at a path of the guest, as one that every host would show alike.</summary>
    private static void Install(TaskSystem system, Inode file, string path)
    {
        (file.Mode, file.ModifiedNs) = (ProgramMode, (long)VirtualClock.EpochNs);
        string[] names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        Folder folder = system.Files.Root.Inode.Folder!;
        foreach (string name in names.AsSpan(0, names.Length - 1))
        {
            if (folder.Find(name)?.Folder is not { } below)
            {
                Inode made = system.Files.NewFolder(ProgramMode);
                folder.Put(name, made);
                below = made.Folder!;
            }

            folder = below;
        }

        folder.Put(names[^1], file);
    }

    /// <summary>What the program's path leads to; null when there is nothing.</summary>
    private static FoundProgram? FileOf(TaskSystem system, KernelOptions options, string guestPath)
    {
        if (options.HasOwnRoot)
        {
            return system.Files.Find(system.Files.Root, guestPath, LastLink.Follow).Ok(out Place? place, out _) ? new(place.Inode, place.Path) : null;
        }

        string real = HostPath.WithoutLinks(options.Disk, options.Disk.FullPath(options.Program));
        Inode? file = system.Files.Host.Find(real, guestPath);
        return file is null ? null : new(file, options.ProgramPath ?? real);
    }

    private static BootFailure Explain(KernelOptions options, in ExecFailure failure)
    {
        string name = options.ProgramPath ?? options.Program;
        return failure.Errno switch
        {
            Errno.ENOMEM => new BootFailure(BootFailureKind.RamTooSmall, name) { Bytes = options.RamBytes },
            Errno.EACCES or Errno.EIO when failure.Refusal.Problem == ElfProblem.None => new BootFailure(BootFailureKind.ProgramNotFound, name, failure.Errno),
            Errno.E2BIG => new BootFailure(BootFailureKind.ProgramRefused, name, Errno.E2BIG) { Bytes = InitialStack.MaxBytes },
            _ => new BootFailure(BootFailureKind.ProgramRefused, name, failure.Errno, failure.Refusal.Problem)
            {
                Found = failure.Refusal.Found ?? [],
                Interpreter = failure.Refusal.Interpreter,
            },
        };
    }

    private readonly record struct FoundProgram(Inode Inode, string Location);
}
