using System.Globalization;
using MmuEmu.Kernel.Abi;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Proc;
using MmuEmu.Kernel.Run;
using MmuEmu.Kernel.Tasks;

namespace MmuEmu.Kernel.Setup;

/// <summary>Puts the views that every Linux program expects over the host's files: /proc, /dev, /sys and a /tmp.</summary>
internal static class RootFolders
{
    private const uint Everybody = 0x1B6;

    /// <summary>Makes the folders; the host's own /proc, /dev and /sys are hidden.</summary>
    public static void Make(TaskSystem system, KernelOptions options)
    {
        FileSystem files = system.Files;
        Folder root = files.Root.Inode.Folder!;
        root.Put("proc", files.NewFolder(0x16D, new ProcFolder(system), files.Mounts.Proc));
        root.Put("sys", Kernel(system));
        root.Put("dev", Devices(system, TerminalOf(options)));
        if (root.Find("tmp") is not { Folder: not null })
        {
            root.Put("tmp", files.NewFolder(0x3FF, mount: files.Mounts.Temporary));
        }
    }

    /// <summary>The open file of a standard stream.</summary>
    public static OpenFile Stream(TaskSystem system, IHostStream stream, OpenFlags flags, string path)
    {
        Inode inode = new(system.Files.Numbers.Next(), stream.IsTerminal ? InodeKind.Character : InodeKind.Pipe, 0x190)
        {
            Content = new HostStreamContent(stream),
            Device = stream.IsTerminal ? 0x8800u : 0,
            Mount = stream.IsTerminal ? system.Files.Mounts.Dev : system.Files.Mounts.Pipes,
        };
        return new OpenFile(inode, flags, path);
    }

    /// <summary>The first standard stream that is a terminal; null for none.</summary>
    private static IHostStream? TerminalOf(KernelOptions options)
    {
        foreach (IHostStream stream in (ReadOnlySpan<IHostStream>)[options.Input, options.Output, options.Error])
        {
            if (stream.IsTerminal)
            {
                return stream;
            }
        }

        return null;
    }

    /// <summary>/sys, of which there is what programs ask about processors, and the mode of huge pages.</summary>
    private static Inode Kernel(TaskSystem system)
    {
        FileSystem files = system.Files;
        Inode top = files.NewFolder(0x16D, mount: files.Mounts.Sys);
        Folder huge = Down(files, top.Folder!, "kernel", "mm", "transparent_hugepage");
        huge.Put("enabled", new Inode(files.Numbers.Next(), InodeKind.Regular, 0x1A4) { Content = new SettingContent(new HugeModeSetting(system.Memory)) });
        huge.Put("hpage_pmd_size", new Inode(files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(new FixedText("2097152\n")) });
        Folder folder = Down(files, top.Folder!, "devices", "system", "cpu");

        int last = system.Processors.Count - 1;
        string text = string.Create(CultureInfo.InvariantCulture, $"{(last == 0 ? "0" : $"0-{last}")}\n");
        foreach (string name in (ReadOnlySpan<string>)["online", "possible", "present"])
        {
            folder.Put(name, new Inode(files.Numbers.Next(), InodeKind.Regular, 0x124) { Content = new TextContent(new FixedText(text)), Mount = files.Mounts.Sys });
        }

        return top;
    }

    /// <summary>Makes folders one in another; the innermost.</summary>
    private static Folder Down(FileSystem files, Folder folder, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            Inode next = files.NewFolder(0x16D, mount: files.Mounts.Sys);
            folder.Put(name, next);
            folder = next.Folder!;
        }

        return folder;
    }

    private static Inode Devices(TaskSystem system, IHostStream? terminal)
    {
        FileSystem files = system.Files;
        Inode folder = files.NewFolder(0x1ED, mount: files.Mounts.Dev);
        Folder dev = folder.Folder!;
        foreach ((string name, MemoryDevice device, uint number) in (ReadOnlySpan<(string, MemoryDevice, uint)>)
            [("null", MemoryDevice.Null, 0x103), ("zero", MemoryDevice.Zero, 0x105), ("full", MemoryDevice.Full, 0x107),
             ("random", MemoryDevice.Random, 0x108), ("urandom", MemoryDevice.Random, 0x109)])
        {
            dev.Put(name, new Inode(files.Numbers.Next(), InodeKind.Character, Everybody)
            {
                Content = new DeviceContent(device, system.Random),
                Device = number,
                Mount = files.Mounts.Dev,
            });
        }

        if (system.Memory.Profile.Has(ProfileSwitches.Ashmem))
        {
            dev.Put("ashmem", new Inode(files.Numbers.Next(), InodeKind.Character, Everybody) { Content = new AshmemDevice(system.Memory), Device = 0xA3D });
        }

        dev.Put("tty", new Inode(files.Numbers.Next(), InodeKind.Character, Everybody)
        {
            Content = terminal is null ? null : new HostStreamContent(terminal),
            Device = 0x500,
            Mount = files.Mounts.Dev,
        });
        dev.Put("shm", files.NewFolder(0x3FF, mount: files.Mounts.SharedMemory));
        foreach ((string name, string target) in (ReadOnlySpan<(string, string)>)
            [("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2")])
        {
            dev.Put(name, new Inode(files.Numbers.Next(), InodeKind.Symlink, 0x1FF) { Target = target, Mount = files.Mounts.Dev });
        }

        return folder;
    }
}
