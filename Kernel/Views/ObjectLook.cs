using System.Diagnostics.CodeAnalysis;
using MmuEmu.Emulator.Values;
using MmuEmu.Kernel.Files;
using MmuEmu.Kernel.Tasks;
using MmuEmu.Kernel.Vmas;

namespace MmuEmu.Kernel.Views;

/// <summary>Looks at the files behind mappings, for who wants their symbols.</summary>
internal static class ObjectLook
{
    /// <summary>The files with a path that a space maps, lowest mapping first.</summary>
    public static IReadOnlyList<(string Path, VirtAddr Base, string? HostPath)> All(TaskSystem system, AddressSpace space)
    {
        List<(string Path, VirtAddr Base, string? HostPath)> objects = [];
        HashSet<IBacking> seen = [];
        foreach (Vma vma in space.Vmas)
        {
            if (vma.Backing is { } file && file.Name.StartsWith('/') && seen.Add(file))
            {
                VirtAddr first = new(unchecked(vma.Start.Raw - (vma.PgOff << 12)));
                objects.Add((file.Name, first, HostPathOf(system, file.Name)));
            }
        }

        return objects;
    }

    /// <summary>Where a file lies on the host, or null.</summary>
    public static string? HostPathOf(TaskSystem system, string path)
    {
        foreach (HostFile file in system.Files.HostFiles.All)
        {
            if (file.Path == path)
            {
                return file.HostPath;
            }
        }

        return null;
    }

    /// <summary>All bytes of a file that a process runs or maps.</summary>
    public static bool TryRead(TaskSystem system, string path, [NotNullWhen(true)] out byte[]? content)
    {
        content = null;
        if (ContentOf(system, path) is not { SizeBytes: var size } file || size > (ulong)Array.MaxLength)
        {
            return false;
        }

        // Open meanwhile, so that a host file which nobody has open is not left so.
        byte[] bytes = new byte[size];
        file.Opened();
        bool whole = file.Read(0, bytes).Ok(out int count, out _) && count == bytes.Length;
        file.Closed();
        content = whole ? bytes : null;
        return whole;
    }

    private static IFileContent? ContentOf(TaskSystem system, string path)
    {
        foreach (Process process in system.Processes.All)
        {
            if ((process.Program.Location == path || process.Program.Path == path) && process.Program.File.Content is { } program)
            {
                return program;
            }
        }

        foreach (AddressSpace space in system.Memory.Spaces)
        {
            foreach (Vma vma in space.Vmas)
            {
                if (vma.Backing is IFileContent file && vma.Backing.Name == path)
                {
                    return file;
                }
            }
        }

        return null;
    }
}
